package dev.sojourn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the classification of error codes that real servers report too rarely for other tests. */
class JdbcErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "POSTGRESQL, 40001,    0, TRANSIENT",
        "POSTGRESQL, 40P01,    0, TRANSIENT",
        "POSTGRESQL, 40003,    0, UNKNOWN",
        "POSTGRESQL, 53100,    0, TRANSIENT",
        "POSTGRESQL, 53300,    0, TRANSIENT",
        "POSTGRESQL, 57P03,    0, TRANSIENT",
        "POSTGRESQL, 57014,    0, TRANSIENT",
        "POSTGRESQL, 57P01,    0, UNKNOWN",
        "POSTGRESQL, 57P02,    0, UNKNOWN",
        "POSTGRESQL, 08006,    0, UNKNOWN",
        "POSTGRESQL, 08003,    0, UNKNOWN",
        "POSTGRESQL, XX000,    0, UNKNOWN",
        "POSTGRESQL, '',       0, UNKNOWN",
        "POSTGRESQL, 42501,    0, REFUSED",
        "POSTGRESQL, 22021,    0, REFUSED",
        "MARIADB,    40001, 1213, TRANSIENT",
        "MARIADB,    HY000, 1205, TRANSIENT",
        "MARIADB,    HY000, 1020, TRANSIENT",
        "MARIADB,    08S01, 1047, TRANSIENT",
        "MARIADB,    08004, 1040, TRANSIENT",
        "MARIADB,    HY000, 1290, TRANSIENT",
        "MARIADB,    HY000, 1836, TRANSIENT",
        "MARIADB,    70100, 1927, UNKNOWN",
        "MARIADB,    08S01, 1053, UNKNOWN",
        "MARIADB,    HY000, 1180, UNKNOWN",
        "MARIADB,    08000,    0, UNKNOWN",
        "MYSQL,      08S01,    0, UNKNOWN",
        "MYSQL,      42S02, 1146, REFUSED",
        "MYSQL,      22001, 1406, REFUSED",
        "SQLITE,     ,         5, TRANSIENT",
        "SQLITE,     ,         6, TRANSIENT",
        "SQLITE,     ,        13, TRANSIENT",
        "SQLITE,     ,         8, TRANSIENT",
        "SQLITE,     ,        10, UNKNOWN",
        "SQLITE,     ,        11, UNKNOWN",
        "SQLITE,     ,         1, REFUSED",
        "SQLITE,     ,       261, TRANSIENT",
        "H2,         HYT00, 50200, TRANSIENT",
        "H2,         90131, 90131, TRANSIENT",
        "H2,         40001, 40001, TRANSIENT",
        "H2,         90067, 90067, UNKNOWN",
        "H2,         90098, 90098, UNKNOWN",
        "H2,         22001, 22001, REFUSED",
    })
    void an_error_code_is_classified_as_transient_unknown_or_refused(
            Dialect dialect, String state, int code, JdbcErrors.Kind kind) {
        assertThat(JdbcErrors.kindOfStatement(new SQLException("no message", state, code), dialect))
                .isEqualTo(kind);
    }
}
