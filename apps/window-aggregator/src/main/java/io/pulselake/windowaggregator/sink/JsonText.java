package io.pulselake.windowaggregator.sink;

/** Builds a flat JSON object by hand: the same text as {@code JSON.stringify}, and no more escaping than needed. */
public final class JsonText {
  private final StringBuilder out = new StringBuilder(256).append('{');

  public JsonText text(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  /** @param value finite */
  public JsonText number(String name, double value) {
    name(name);
    out.append(EcmaScriptNumber.format(value));
    return this;
  }

  public JsonText number(String name, long value) {
    name(name);
    out.append(value);
    return this;
  }

  public JsonText flag(String name, boolean value) {
    name(name);
    out.append(value);
    return this;
  }

  /** @param json a whole JSON value */
  public JsonText json(String name, String json) {
    name(name);
    out.append(json);
    return this;
  }

  /** The object; nothing may be added afterwards. */
  public String end() {
    return out.append('}').toString();
  }

  private void name(String name) {
    if (out.length() > 1) out.append(',');
    out.append('"').append(name).append("\":");
  }

  private void quote(String value) {
    out.append('"');
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      switch (c) {
        case '"':
          out.append("\\\"");
          break;
        case '\\':
          out.append("\\\\");
          break;
        case '\b':
          out.append("\\b");
          break;
        case '\f':
          out.append("\\f");
          break;
        case '\n':
          out.append("\\n");
          break;
        case '\r':
          out.append("\\r");
          break;
        case '\t':
          out.append("\\t");
          break;
        default:
          if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
          else out.append(c);
      }
    }
    out.append('"');
  }
}
