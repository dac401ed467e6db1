package io.pulselake.windowaggregator.sink;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import java.math.BigDecimal;
import java.math.MathContext;

/** Doubles as ECMAScript writes them, so that all engines keep the same text. */
public final class EcmaScriptNumber {
  private EcmaScriptNumber() {}

  /**
   * The shortest decimal that reads as the same double: {@code 5}, {@code 0.1}, {@code 1e+21}, {@code 1.5e-7}.
   *
   * @param value finite
   * @see <a href="https://tc39.es/ecma262/#sec-numeric-types-number-tostring">Number::toString</a>
   */
  public static String format(double value) {
    if (value == 0) return "0";
    if (value == Math.rint(value) && Math.abs(value) < 1e15) return Long.toString((long) value);
    BigDecimal shortest = shortest(Math.abs(value));
    String digits = shortest.unscaledValue().toString();
    // The value is 0.digits × 10^point.
    int point = digits.length() - shortest.scale();
    return (value < 0 ? "-" : "") + place(digits, point);
  }

  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(DoubleToDecimal.toString(value)).stripTrailingZeros();
    if (decimal.precision() != 2) return decimal;
    // Java's form has at least two digits, also where one is enough.
    BigDecimal oneDigit = decimal.round(new MathContext(1));
    return oneDigit.doubleValue() == value ? oneDigit : decimal;
  }

  private static String place(String digits, int point) {
    int count = digits.length();
    if (count <= point && point <= 21) return digits + "0".repeat(point - count);
    if (0 < point && point <= 21) return digits.substring(0, point) + "." + digits.substring(point);
    if (-6 < point && point <= 0) return "0." + "0".repeat(-point) + digits;
    int exponent = point - 1;
    String fraction = count == 1 ? "" : "." + digits.substring(1);
    return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
  }
}
