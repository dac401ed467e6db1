package io.pulselake.windowaggregator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSettingsTest {
  @Test
  void hasTheDefaultsOfAllEngines() {
    JobSettings settings = JobSettings.of(needed());
    assertThat(settings.windows.sizeMs).isEqualTo(300_000);
    assertThat(settings.windows.lagMs).isEqualTo(30_001);
    assertThat(settings.windows.idleMs).isEqualTo(60_000);
    assertThat(settings.windows.latenessMs).isEqualTo(600_000);
    assertThat(settings.windows.maxFutureSkewMs).isEqualTo(300_000);
    assertThat(settings.nowMs).isEmpty();
    assertThat(settings.startAtMs).isEqualTo(Long.MIN_VALUE);
    assertThat(settings.checkpointIntervalSeconds).isEqualTo(60);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "windowSizeSeconds | 0 | The setting windowSizeSeconds is 0; it must be a whole number from 1 to 86400.",
        "outOfOrdernessSeconds | x | The setting outOfOrdernessSeconds is x; it must be a whole number from 0 to 86400.",
        "allowedLatenessSeconds | 604801 | The setting allowedLatenessSeconds is 604801; it must be a whole number from 0 to 604800.",
        "now | yesterday | The setting now is yesterday; it must be an instant like 2020-01-01T11:32:54Z.",
        "startAt | latest | The setting startAt is latest; it must be earliest, or an instant like 2020-01-01T11:32:54Z.",
        "jobName | a b | The setting jobName is a b; it must be 1 to 64 letters, digits and hyphens.",
        "restoreFrom | latest | restoreFrom is latest, but there is no checkpointPath to look in. Set checkpointPath.",
      })
  void failsOnWhatIsNotAllowed(String name, String value, String message) {
    Map<String, String> values = needed();
    values.put(name, value);
    assertThatThrownBy(() -> JobSettings.of(values)).isInstanceOf(SettingsException.class).hasMessage(message);
  }

  @Test
  void failsOnASettingThatIsMissingOrUnknown() {
    Map<String, String> values = needed();
    values.remove("inputStream");
    assertThatThrownBy(() -> JobSettings.of(values)).hasMessage("The setting inputStream is missing.");
    Map<String, String> misspelt = needed();
    misspelt.put("windowSize", "60");
    assertThatThrownBy(() -> JobSettings.of(misspelt))
        .hasMessageStartingWith("Unknown settings: windowSize. Allowed are allowedLatenessSeconds, ");
  }

  @Test
  void takesAFileAndArgumentsWhichOverrideIt(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("job.properties"), "region=eu-west-1\nwindowSizeSeconds=60\n");
    Map<String, String> values =
        SettingsSource.read(new String[] {"--region", "us-east-1", "--properties", file.toString()});
    assertThat(values).isEqualTo(Map.of("region", "us-east-1", "windowSizeSeconds", "60"));
  }

  @Test
  void failsWithoutAnySettings() {
    assertThatThrownBy(() -> SettingsSource.read(new String[0]))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("WindowAggregator");
    assertThatThrownBy(() -> SettingsSource.read(new String[] {"--region"}))
        .hasMessageContaining("--region is not followed by a value");
  }

  private static Map<String, String> needed() {
    return new HashMap<>(
        Map.of("inputStream", "in", "outputStream", "out", "region", "eu-west-1", "lakePath", "s3://lake/"));
  }
}
