package org.peerwire.cli;

import java.util.List;
import java.util.Locale;
import org.peerwire.SafeText;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words for encryption on the command line and in what is printed. */
final class Policy implements ITypeConverter<EncryptionPolicy> {
  private static final List<EncryptionPolicy> ALL = List.of(EncryptionPolicy.values());

  @Override
  public EncryptionPolicy convert(String value) {
    for (EncryptionPolicy policy : ALL) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(value)) {
        return policy;
      }
    }
    throw new TypeConversionException(
        "'" + SafeText.of(value, 100) + "' is not off, prefer or require");
  }

  /** {@code none}, {@code plaintext} or {@code rc4}. */
  static String word(Encryption method) {
    return method.name().toLowerCase(Locale.ROOT);
  }
}
