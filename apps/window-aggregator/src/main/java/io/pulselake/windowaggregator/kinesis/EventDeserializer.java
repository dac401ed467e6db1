package io.pulselake.windowaggregator.kinesis;

import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.parse.MetricEventParser;
import java.util.Optional;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.connectors.kinesis.serialization.KinesisDeserializationSchema;

/** Every Kinesis record becomes an event or a rejected record; none is dropped. */
final class EventDeserializer implements KinesisDeserializationSchema<Arrival> {
  private static final long serialVersionUID = 1;

  private final long maxFutureSkewMs;

  /** Null for the wall clock. */
  private final Long nowMs;

  private transient MetricEventParser parser;

  EventDeserializer(long maxFutureSkewMs, Optional<Long> nowMs) {
    this.maxFutureSkewMs = maxFutureSkewMs;
    this.nowMs = nowMs.orElse(null);
  }

  @Override
  public void open(InitializationContext context) {
    parser = new MetricEventParser(maxFutureSkewMs);
  }

  @Override
  public Arrival deserialize(
      byte[] bytes, String partitionKey, String sequenceNumber, long arrivedAtMs, String stream, String shardId) {
    long clockMs = nowMs == null ? System.currentTimeMillis() : nowMs;
    return parser.parse(bytes, shardId, sequenceNumber, arrivedAtMs, clockMs);
  }

  @Override
  public TypeInformation<Arrival> getProducedType() {
    return Types.POJO(Arrival.class);
  }
}
