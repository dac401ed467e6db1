package io.pulselake.windowaggregator.settings;

import com.amazonaws.services.kinesisanalytics.runtime.KinesisAnalyticsRuntime;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Finds the settings: the service's runtime properties, or, on one's own machine, a properties file and arguments. */
public final class SettingsSource {
  /** The group of runtime properties that the job reads. */
  public static final String GROUP = "WindowAggregator";

  private SettingsSource() {}

  /**
   * @param arguments {@code --properties FILE} and {@code --name value}, which overrides the file; none on the service
   * @throws SettingsException when there are no settings, or the arguments are not of that form
   */
  public static Map<String, String> read(String[] arguments) throws IOException {
    return arguments.length > 0 ? ofArguments(arguments) : ofService();
  }

  private static Map<String, String> ofService() throws IOException {
    Map<String, Properties> groups = KinesisAnalyticsRuntime.getApplicationProperties();
    Properties group = groups.get(GROUP);
    if (group == null) {
      throw new SettingsException(
          "There are no settings: neither arguments (--properties FILE, --inputStream NAME …) nor a group "
              + GROUP
              + " in the application's runtime properties"
              + (groups.isEmpty() ? "." : "; it has " + String.join(", ", groups.keySet()) + "."));
    }
    return asMap(group);
  }

  private static Map<String, String> ofArguments(String[] arguments) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (int at = 0; at < arguments.length; at += 2) {
      if (!arguments[at].startsWith("--") || at + 1 == arguments.length) {
        throw new SettingsException(
            "The argument " + arguments[at] + " is not followed by a value; they are --properties FILE or --name value.");
      }
      String name = arguments[at].substring(2);
      String value = arguments[at + 1];
      if (!name.equals("properties")) values.put(name, value);
      else ofFile(Path.of(value)).forEach(values::putIfAbsent);
    }
    return values;
  }

  private static Map<String, String> ofFile(Path path) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return asMap(properties);
  }

  private static Map<String, String> asMap(Properties properties) {
    Map<String, String> values = new HashMap<>();
    for (String name : properties.stringPropertyNames()) values.put(name, properties.getProperty(name));
    return values;
  }
}
