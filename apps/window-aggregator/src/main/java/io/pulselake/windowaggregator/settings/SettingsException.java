package io.pulselake.windowaggregator.settings;

/** A setting that is missing, unknown or out of range. */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public SettingsException(String message) {
    super(message);
  }
}
