package org.peerwire.swarm.merkle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a file's tree from one of them upwards. What is above the lowest is computed when
 * it is first asked for, in as many bytes again. Immutable; for any thread.
 */
public final class HashTree implements HashNodes {
  private final TreeShape shape;
  private final int base;
  private final ByteBuffer row;

  /** From {@code base + 1} to the root; two threads may make it at once, and make the same. */
  private volatile @Nullable List<byte[]> above;

  /**
   * A tree over a row of hashes that is all of one layer, without its padding.
   *
   * @param row a multiple of 32 bytes, from position to limit; not copied
   * @throws IllegalArgumentException if the row has not the width of that layer
   */
  public HashTree(TreeShape shape, int base, ByteBuffer row) {
    if (base > shape.height() || row.remaining() != shape.width(base) * TreeDigest.LENGTH) {
      throw new IllegalArgumentException(row.remaining() + " bytes in layer " + base);
    }
    this.shape = shape;
    this.base = base;
    this.row = row.slice().asReadOnlyBuffer();
  }

  /** The tree's shape. */
  public TreeShape shape() {
    return shape;
  }

  /** The lowest layer that is known. */
  public int base() {
    return base;
  }

  /** All hashes of the lowest layer, in one row: a read-only view. */
  public ByteBuffer row() {
    return row.duplicate();
  }

  /** The root, computed anew without a layer being kept. */
  public byte[] root() {
    NodeHash nodes = new NodeHash();
    byte[] nodesOfLayer = copyOfRow();
    int count = nodesOfLayer.length / TreeDigest.LENGTH;
    for (int layer = base; layer < shape.height(); layer++) {
      count = nodes.parents(nodesOfLayer, layer, count, nodesOfLayer);
    }
    return Arrays.copyOf(nodesOfLayer, TreeDigest.LENGTH);
  }

  /**
   * Appends a node to {@code target}.
   *
   * @param layer from {@link #base()} to the root's
   * @param index from 0, below {@link TreeShape#fullWidth}
   */
  @Override
  public void put(int layer, long index, ByteBuffer target) {
    if (layer < base || index < 0 || index >= shape.fullWidth(layer)) {
      throw new IndexOutOfBoundsException("node " + index + " of layer " + layer);
    }
    if (index >= shape.width(layer)) {
      byte[] pad = new byte[TreeDigest.LENGTH];
      NodeHash.putPad(layer, pad, 0);
      target.put(pad);
      return;
    }
    int at = (int) index * TreeDigest.LENGTH;
    if (layer == base) {
      target.put(row.slice(at, TreeDigest.LENGTH));
    } else {
      target.put(above().get(layer - base - 1), at, TreeDigest.LENGTH);
    }
  }

  private List<byte[]> above() {
    List<byte[]> known = above;
    if (known == null) {
      known = build();
      above = known;
    }
    return known;
  }

  private List<byte[]> build() {
    NodeHash nodes = new NodeHash();
    List<byte[]> layers = new ArrayList<>();
    byte[] below = copyOfRow();
    for (int layer = base; layer < shape.height(); layer++) {
      int count = below.length / TreeDigest.LENGTH;
      byte[] parents = new byte[(count + 1) / 2 * TreeDigest.LENGTH];
      nodes.parents(below, layer, count, parents);
      layers.add(parents);
      below = parents;
    }
    return layers;
  }

  private byte[] copyOfRow() {
    byte[] copy = new byte[row.remaining()];
    row.duplicate().get(copy);
    return copy;
  }
}
