package org.peerwire.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws a CSV as an SVG with both axes logarithmic: a curve that is flat, or straight, is seen as
 * such. The CSV has the name of a curve, x and y; its first line names the axes.
 */
public final class Plot {
  private static final String[] COLOURS = {
    "#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf"
  };
  private static final int WIDTH = 760;
  private static final int HEIGHT = 380;
  private static final int LEFT = 70;
  private static final int RIGHT = 300;
  private static final int TOP = 30;
  private static final int BOTTOM = 50;

  private final Map<String, List<double[]>> curves = new LinkedHashMap<>();
  private final StringBuilder svg = new StringBuilder();
  private double fromX = Double.MAX_VALUE;
  private double toX = -Double.MAX_VALUE;
  private double fromY = Double.MAX_VALUE;
  private double toY = -Double.MAX_VALUE;

  private Plot() {}

  /**
   * Draws.
   *
   * @param args the CSV, the SVG and a title
   */
  public static void main(String[] args) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(args[0]));
    String svg = new Plot().draw(args[2], lines);
    Files.writeString(Path.of(args[1]), svg);
  }

  private String draw(String title, List<String> lines) {
    String[] names = lines.get(0).split(",", -1);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      double x = Math.log10(Double.parseDouble(cells[1]));
      double y = Math.log10(Double.parseDouble(cells[2]));
      curves.computeIfAbsent(cells[0], name -> new ArrayList<>()).add(new double[] {x, y});
      fromX = Math.min(fromX, x);
      toX = Math.max(toX, x);
      fromY = Math.min(fromY, Math.floor(y));
      toY = Math.max(toY, Math.ceil(y));
    }
    put(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='12'>",
        WIDTH, HEIGHT);
    put("<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
    text(LEFT, 18, "start", title);
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", names[1]);
    text(LEFT, TOP - 2 + 14, "start", "  " + names[2]);
    for (double x = Math.ceil(fromX); x <= toX; x++) {
      line(px(x), py(fromY), px(x), py(toY));
      text(px(x), py(fromY) + 16, "middle", number(x));
    }
    for (double y = fromY; y <= toY; y++) {
      line(px(fromX), py(y), px(toX), py(y));
      text(LEFT - 6, py(y) + 4, "end", number(y));
    }
    int n = 0;
    for (Map.Entry<String, List<double[]>> curve : curves.entrySet()) {
      String colour = COLOURS[n % COLOURS.length];
      StringBuilder points = new StringBuilder();
      for (double[] point : curve.getValue()) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", px(point[0]), py(point[1])));
      }
      put(
          "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>",
          points.toString().strip(), colour);
      double y = TOP + 14 + 20.0 * n;
      put("<rect x='%d' y='%.1f' width='12' height='3' fill='%s'/>", legend(), y - 5, colour);
      text(legend() + 18, y, "start", curve.getKey());
      n++;
    }
    put("</svg>");
    return svg.toString();
  }

  private static int legend() {
    return WIDTH - RIGHT + 16;
  }

  private double px(double x) {
    return LEFT + (x - fromX) / (toX - fromX) * (WIDTH - LEFT - RIGHT);
  }

  private double py(double y) {
    return HEIGHT - BOTTOM - (y - fromY) / (toY - fromY) * (HEIGHT - TOP - BOTTOM);
  }

  private void line(double x1, double y1, double x2, double y2) {
    put("<path d='M%.1f %.1fL%.1f %.1f' stroke='#ddd'/>", x1, y1, x2, y2);
  }

  private void text(double x, double y, String anchor, String text) {
    put("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, text);
  }

  /** A power of ten as one would write it. */
  private static String number(double log) {
    return log < 0
        ? String.format(Locale.ROOT, "%." + (int) -log + "f", Math.pow(10, log))
        : String.format(Locale.ROOT, "%,.0f", Math.pow(10, log));
  }

  private void put(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
