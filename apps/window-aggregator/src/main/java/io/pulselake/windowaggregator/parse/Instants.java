package io.pulselake.windowaggregator.parse;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Instants as the data model writes them. */
public final class Instants {
  private static final DateTimeFormatter THREE_DIGITS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final long DAY_MS = 86_400_000L;
  private static final int[] MONTH_DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  /** What {@link #parse} gives for any other text. */
  public static final long NONE = Long.MIN_VALUE;

  private Instants() {}

  /**
   * Reads {@code YYYY-MM-DDTHH:MM:SS[.1–9 digits]Z}, years 0001–9999, real dates, 00:00:00–23:59:59.
   *
   * @return milliseconds since the epoch, cut to the millisecond, or {@link #NONE} for any other text
   */
  public static long parse(String text) {
    int length = text.length();
    if (length < 20 || length > 30 || length == 21 || text.charAt(length - 1) != 'Z') return NONE;
    if (text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(10) != 'T') return NONE;
    if (text.charAt(13) != ':' || text.charAt(16) != ':') return NONE;
    int century = twoDigits(text, 0);
    int yearOfCentury = twoDigits(text, 2);
    int month = twoDigits(text, 5);
    int day = twoDigits(text, 8);
    int hour = twoDigits(text, 11);
    int minute = twoDigits(text, 14);
    int second = twoDigits(text, 17);
    if ((century | yearOfCentury | month | day | hour | minute | second) < 0) return NONE;
    if (hour > 23 || minute > 59 || second > 59) return NONE;
    int year = century * 100 + yearOfCentury;
    if (!isDay(year, month, day)) return NONE;
    int millis = 0;
    if (length > 20) {
      if (text.charAt(19) != '.') return NONE;
      int scale = 100;
      for (int at = 20; at < length - 1; at++) {
        int digit = text.charAt(at) - '0';
        if (digit < 0 || digit > 9) return NONE;
        millis += digit * scale;
        scale /= 10;
      }
    }
    return LocalDate.of(year, month, day).toEpochDay() * DAY_MS
        + ((hour * 60L + minute) * 60L + second) * 1000L
        + millis;
  }

  /** With exactly three fraction digits. */
  public static String format(long epochMs) {
    return THREE_DIGITS.format(Instant.ofEpochMilli(epochMs));
  }

  /** The UTC day, {@code YYYY-MM-DD}. */
  public static String day(long epochMs) {
    return LocalDate.ofEpochDay(Math.floorDiv(epochMs, DAY_MS)).toString();
  }

  private static boolean isDay(int year, int month, int day) {
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > MONTH_DAYS[month - 1]) return false;
    return month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
  }

  private static int twoDigits(String text, int at) {
    int high = text.charAt(at) - '0';
    int low = text.charAt(at + 1) - '0';
    return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : high * 10 + low;
  }
}
