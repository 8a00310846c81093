package org.peerwire.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.peerwire.SafeText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes as a user writes it: {@code 1048576}, {@code 64M}, {@code 2GiB}. */
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([KMGT]?)(?:i?B)?");

  @Override
  public Long convert(String value) {
    Matcher matcher = SIZE.matcher(value.toUpperCase(Locale.ROOT).replace("IB", "B"));
    if (matcher.matches()) {
      String unit = matcher.group(2);
      int shift = unit.isEmpty() ? 0 : 10 * ("KMGT".indexOf(unit) + 1);
      long count = Long.parseLong(matcher.group(1));
      if (count > 0 && count <= (Long.MAX_VALUE >> shift)) {
        return count << shift;
      }
    }
    throw new TypeConversionException(
        "'" + SafeText.of(value, 40) + "' is not a size, as 1048576, 64M or 2G are");
  }
}
