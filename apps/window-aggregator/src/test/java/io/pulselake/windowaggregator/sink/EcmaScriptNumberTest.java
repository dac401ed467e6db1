package io.pulselake.windowaggregator.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcmaScriptNumberTest {
  @ParameterizedTest
  @CsvSource({
    "5.0, 5",
    "-0.0, 0",
    "0.1, 0.1",
    "-1.5, -1.5",
    "1e21, 1e+21",
    "123456789012345680000, 123456789012345680000",
    "1e-7, 1e-7",
    "0.000001, 0.000001",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "4.9e-324, 5e-324",
    "2e-323, 2e-323",
    "1e15, 1000000000000000",
    "-1234567890123456.7, -1234567890123456.8",
    "100, 100",
  })
  void writesWhatJavaScriptWrites(double value, String expected) {
    assertThat(EcmaScriptNumber.format(value)).isEqualTo(expected);
  }

  @Test
  void readsAsTheSameDouble() {
    Random random = new Random(3);
    for (int i = 0; i < 200_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isFinite(value)) continue;
      assertThat(Double.parseDouble(EcmaScriptNumber.format(value))).isEqualTo(value + 0.0);
    }
  }
}
