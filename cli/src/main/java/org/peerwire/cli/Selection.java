package org.peerwire.cli;

import org.peerwire.SafeText;
import org.peerwire.swarm.metainfo.FileSelection;
import org.peerwire.swarm.metainfo.MetainfoException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The numbers of files on the command line, as in the {@code so} of a magnet link. */
final class Selection implements ITypeConverter<FileSelection> {
  @Override
  public FileSelection convert(String value) {
    try {
      return FileSelection.parse(value);
    } catch (MetainfoException e) {
      throw new TypeConversionException(
          "'"
              + SafeText.of(value, 100)
              + "' is not a list of file numbers and ranges, such as 0,2,4-6");
    }
  }
}
