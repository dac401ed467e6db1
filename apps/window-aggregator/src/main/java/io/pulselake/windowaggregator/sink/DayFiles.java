package io.pulselake.windowaggregator.sink;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/** JSON Lines in folders {@code dt=YYYY-MM-DD}, local or on S3. A file is final with the checkpoint it ends at. */
public final class DayFiles {
  private DayFiles() {}

  /** A function that can be sent to the workers. */
  public interface Field<T> extends Function<T, String>, Serializable {}

  /**
   * @param path the folder above {@code dt=…}
   * @param prefix how the files' names begin
   * @param day the UTC day of a record, {@code YYYY-MM-DD}
   * @param line the record without its line end
   */
  public static <T> FileSink<T> sink(String path, String prefix, Field<T> day, Field<T> line) {
    Encoder<T> encoder =
        (record, out) -> out.write((line.apply(record) + "\n").getBytes(StandardCharsets.UTF_8));
    return FileSink.forRowFormat(new Path(path), encoder)
        .withBucketAssigner(new DayFolder<>(day))
        .withRollingPolicy(OnCheckpointRollingPolicy.build())
        .withOutputFileConfig(OutputFileConfig.builder().withPartPrefix(prefix).withPartSuffix(".jsonl").build())
        .build();
  }

  private static final class DayFolder<T> implements BucketAssigner<T, String> {
    private static final long serialVersionUID = 1;

    private final Field<T> day;

    DayFolder(Field<T> day) {
      this.day = day;
    }

    @Override
    public String getBucketId(T record, Context context) {
      return "dt=" + day.apply(record);
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
      return SimpleVersionedStringSerializer.INSTANCE;
    }
  }
}
