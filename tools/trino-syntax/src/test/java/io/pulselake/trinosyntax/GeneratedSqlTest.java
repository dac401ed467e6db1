package io.pulselake.trinosyntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.sql.parser.ParsingException;
import io.trino.sql.parser.SqlParser;
import io.trino.sql.tree.CreateView;
import io.trino.sql.tree.Query;
import io.trino.sql.tree.Statement;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Trino's parser reads what Pulselake sends to Athena. */
class GeneratedSqlTest {
  /** Where statements come from, and how many there are at least: a list that shrank unnoticed proves nothing. */
  private static final Map<String, Integer> LEAST =
      Map.of("contract", 1, "view", 2, "extent", 3, "dashboards", 150, "grafana", 150, "named", 3);

  private static List<NamedStatement> statements;

  record NamedStatement(String name, String sql) {
    String origin() {
      return name.substring(0, name.indexOf(':'));
    }
  }

  @BeforeAll
  static void readStatements() throws IOException {
    statements =
        new ObjectMapper().readValue(new File(System.getProperty("statements")), new TypeReference<>() {});
  }

  @TestFactory
  @DisplayName("is parsed")
  Stream<DynamicTest> isParsed() {
    return statements.stream()
        .map(statement -> DynamicTest.dynamicTest(statement.name(), () -> parsed(statement)));
  }

  @Test
  @DisplayName("comes from everywhere it is written, each under a name of its own")
  void comesFromEverywhere() {
    Map<String, Long> counts =
        statements.stream()
            .map(NamedStatement::origin)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(counts).containsOnlyKeys(LEAST.keySet());
    LEAST.forEach((origin, least) -> assertThat(counts.get(origin)).as(origin).isGreaterThanOrEqualTo(least.longValue()));
    assertThat(statements).extracting(NamedStatement::name).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("is not parsed when it is broken")
  void isNotParsedWhenBroken() {
    String sql = statements.stream().filter(each -> each.origin().equals("dashboards")).findFirst().orElseThrow().sql();
    SqlParser parser = new SqlParser();
    // What DuckDB reads and Trino does not, a macro that nobody expanded, and a text that does not end.
    assertThat(
            List.of(
                "FROM windowed_metrics",
                "SELECT * EXCLUDE (dt) FROM windowed_metrics",
                "SELECT max_value::INTEGER FROM windowed_metrics",
                "SELECT $__timeGroup(t, '5m') FROM x",
                sql.replaceFirst("'([^']*)'", "'$1"),
                sql + " ORDER"))
        .allSatisfy(broken -> assertThatThrownBy(() -> parser.createStatement(broken)).isInstanceOf(ParsingException.class));
  }

  private static void parsed(NamedStatement statement) {
    Statement tree;
    try {
      tree = new SqlParser().createStatement(statement.sql());
    } catch (ParsingException e) {
      throw new AssertionError(statement.name() + ": " + e.getMessage() + "\n" + statement.sql(), e);
    }
    boolean isView = statement.origin().equals("contract") || statement.name().endsWith(", statement");
    assertThat(tree).isInstanceOf(isView ? CreateView.class : Query.class);
  }
}
