package io.pulselake.windowaggregator.kinesis;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.parse.Instants;
import io.pulselake.windowaggregator.settings.JobSettings;
import io.pulselake.windowaggregator.sink.DayFiles;
import io.pulselake.windowaggregator.sink.RecordJson;
import io.pulselake.windowaggregator.time.ShardOwner;
import io.pulselake.windowaggregator.topology.Endpoints;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.kinesis.shaded.org.apache.flink.connector.aws.config.AWSConfigConstants;
import org.apache.flink.connector.kinesis.sink.KinesisStreamsSink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer;
import org.apache.flink.streaming.connectors.kinesis.config.ConsumerConfigConstants;

/** Kinesis on both sides; rejected records and accounts in files of the lake. */
public final class KinesisEndpoints implements Endpoints {
  private final JobSettings settings;

  public KinesisEndpoints(JobSettings settings) {
    this.settings = settings;
  }

  @Override
  @SuppressWarnings("deprecation") // The connector's newer source is not fit for use in this version.
  public SingleOutputStreamOperator<Arrival> source(StreamExecutionEnvironment environment) {
    Properties properties = connection();
    properties.setProperty(
        ConsumerConfigConstants.SHARD_DISCOVERY_INTERVAL_MILLIS,
        Long.toString(settings.shardDiscoverySeconds * 1000L));
    position(properties);
    FlinkKinesisConsumer<Arrival> consumer =
        new FlinkKinesisConsumer<>(
            settings.inputStream,
            new EventDeserializer(settings.windows.maxFutureSkewMs, settings.nowMs),
            properties);
    consumer.setShardAssigner((shard, subtasks) -> ShardOwner.subtaskOf(shard.getShard().getShardId(), subtasks));
    return environment.addSource(consumer);
  }

  @Override
  @SuppressWarnings("deprecation") // Emulators know streams by name, not by ARN.
  public DataStreamSink<?> windows(DataStream<WindowedMetric> windows) {
    Properties properties = connection();
    // The default opens HTTP/2, which emulators do not speak.
    properties.setProperty(AWSConfigConstants.HTTP_PROTOCOL_VERSION, "HTTP1_1");
    SerializationSchema<WindowedMetric> json = window -> RecordJson.of(window).getBytes(StandardCharsets.UTF_8);
    return windows.sinkTo(
        KinesisStreamsSink.<WindowedMetric>builder()
            .setKinesisClientProperties(properties)
            .setStreamName(settings.outputStream)
            .setSerializationSchema(json)
            .setPartitionKeyGenerator(window -> window.componentName + "_" + window.metricName)
            .setMaxTimeInBufferMS(1000)
            .build());
  }

  @Override
  public DataStreamSink<?> rejected(DataStream<RejectedRecord> rejected) {
    String jobName = settings.jobName;
    return rejected.sinkTo(
        DayFiles.sink(
            settings.lakePath + "/rejected/stage=stream-windows",
            "flink." + jobName + ".",
            record -> Instants.day(record.arrivedAtMs),
            record -> RecordJson.of(record, jobName)));
  }

  @Override
  public DataStreamSink<?> accounts(DataStream<AccountEntry> accounts) {
    String jobName = settings.jobName;
    String outputStream = settings.outputStream;
    return accounts.sinkTo(
        DayFiles.sink(
            settings.lakePath + "/stream_accounts",
            jobName,
            entry -> entry.day,
            entry -> RecordJson.of(entry, jobName, outputStream)));
  }

  private void position(Properties properties) {
    boolean isEarliest = settings.startAtMs == Long.MIN_VALUE;
    properties.setProperty(
        ConsumerConfigConstants.STREAM_INITIAL_POSITION, isEarliest ? "TRIM_HORIZON" : "AT_TIMESTAMP");
    if (isEarliest) return;
    // An event may arrive as much before its time as clocks may be ahead.
    long arrivedAtMs = settings.startAtMs - settings.windows.maxFutureSkewMs;
    properties.setProperty(
        ConsumerConfigConstants.STREAM_INITIAL_TIMESTAMP, String.format("%.3f", arrivedAtMs / 1000.0));
  }

  private Properties connection() {
    Properties properties = new Properties();
    properties.setProperty(AWSConfigConstants.AWS_REGION, settings.region);
    settings.endpoint.ifPresent(endpoint -> properties.setProperty(AWSConfigConstants.AWS_ENDPOINT, endpoint));
    return properties;
  }
}
