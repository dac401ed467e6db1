package io.pulselake.windowaggregator;

import io.pulselake.windowaggregator.kinesis.KinesisEndpoints;
import io.pulselake.windowaggregator.settings.JobSettings;
import io.pulselake.windowaggregator.settings.SettingsException;
import io.pulselake.windowaggregator.settings.SettingsSource;
import io.pulselake.windowaggregator.topology.WindowTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Metric events of a Kinesis stream to five-minute windows on a second one.
 *
 * <p>Runs unchanged on Managed Service for Apache Flink (settings in the runtime properties' group {@code
 * WindowAggregator}), on any Flink cluster, and in a JVM of its own: {@code java -cp JAR:FLINK/* … --properties FILE}.
 */
public final class WindowAggregatorJob {
  private WindowAggregatorJob() {}

  public static void main(String[] arguments) throws Exception {
    JobSettings settings;
    try {
      settings = JobSettings.of(SettingsSource.read(arguments));
    } catch (SettingsException | IOException wrong) {
      System.err.println("window-aggregator: " + wrong.getMessage());
      // A cluster wants the exception, a shell the exit code.
      throw wrong;
    }
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    if (environment instanceof LocalStreamEnvironment) environment.configure(localConfiguration(settings));
    environment.enableCheckpointing(settings.checkpointIntervalSeconds * 1000L);
    WindowTopology.build(
        environment,
        new KinesisEndpoints(settings),
        settings.windows,
        settings.startAtMs,
        settings.maxEventIdsPerWindow);
    environment.execute(settings.jobName);
  }

  /** What a service or a cluster sets otherwise. */
  private static Configuration localConfiguration(JobSettings settings) throws IOException {
    Configuration configuration = new Configuration();
    // The default never gives up, and a stream that is gone would be looked for without end.
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "failure-rate");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL, 5);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_FAILURE_RATE_INTERVAL, Duration.ofMinutes(10));
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_DELAY, Duration.ofSeconds(2));
    if (settings.checkpointPath.isPresent()) {
      Path path = Path.of(settings.checkpointPath.get()).toAbsolutePath();
      configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, path.toUri().toString());
      configuration.set(
          CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
          ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
      restorePoint(settings, path)
          .ifPresent(point -> configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, point));
    }
    return configuration;
  }

  private static Optional<String> restorePoint(JobSettings settings, Path checkpoints) throws IOException {
    if (settings.restoreFrom.isEmpty() || !settings.restoreFrom.get().equals("latest")) return settings.restoreFrom;
    if (!Files.isDirectory(checkpoints)) return Optional.empty();
    try (Stream<Path> files = Files.walk(checkpoints, 3)) {
      // A checkpoint is whole when its metadata is there.
      return files
          .filter(file -> file.getFileName().toString().equals("_metadata"))
          .max(Comparator.comparing(WindowAggregatorJob::modifiedAt))
          .map(file -> file.getParent().toUri().toString());
    }
  }

  private static FileTime modifiedAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }
}
