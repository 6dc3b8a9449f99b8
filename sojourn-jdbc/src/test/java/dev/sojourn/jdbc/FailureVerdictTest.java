package dev.sojourn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Codes that real servers give too rarely for a test. */
class FailureVerdictTest {
    @ParameterizedTest
    @CsvSource({
        "POSTGRESQL, 40001,    0, REPEAT",
        "POSTGRESQL, 40P01,    0, REPEAT",
        "POSTGRESQL, 40003,    0, UNKNOWN",
        "POSTGRESQL, 53100,    0, REPEAT",
        "POSTGRESQL, 53300,    0, REPEAT",
        "POSTGRESQL, 57P03,    0, REPEAT",
        "POSTGRESQL, 57014,    0, REPEAT",
        "POSTGRESQL, 57P01,    0, UNKNOWN",
        "POSTGRESQL, 57P02,    0, UNKNOWN",
        "POSTGRESQL, 08006,    0, UNKNOWN",
        "POSTGRESQL, 08003,    0, UNKNOWN",
        "POSTGRESQL, XX000,    0, UNKNOWN",
        "POSTGRESQL, '',       0, UNKNOWN",
        "POSTGRESQL, 42501,    0, REFUSED",
        "POSTGRESQL, 22021,    0, REFUSED",
        "MARIADB,    40001, 1213, REPEAT",
        "MARIADB,    HY000, 1205, REPEAT",
        "MARIADB,    HY000, 1020, REPEAT",
        "MARIADB,    08S01, 1047, REPEAT",
        "MARIADB,    08004, 1040, REPEAT",
        "MARIADB,    HY000, 1290, REPEAT",
        "MARIADB,    HY000, 1836, REPEAT",
        "MARIADB,    70100, 1927, UNKNOWN",
        "MARIADB,    08S01, 1053, UNKNOWN",
        "MARIADB,    HY000, 1180, UNKNOWN",
        "MARIADB,    08000,    0, UNKNOWN",
        "MYSQL,      08S01,    0, UNKNOWN",
        "MYSQL,      42S02, 1146, REFUSED",
        "MYSQL,      22001, 1406, REFUSED",
        "SQLITE,     ,         5, REPEAT",
        "SQLITE,     ,         6, REPEAT",
        "SQLITE,     ,        13, REPEAT",
        "SQLITE,     ,         8, REPEAT",
        "SQLITE,     ,        10, UNKNOWN",
        "SQLITE,     ,        11, UNKNOWN",
        "SQLITE,     ,         1, REFUSED",
        "SQLITE,     ,       261, REPEAT",
        "H2,         HYT00, 50200, REPEAT",
        "H2,         90131, 90131, REPEAT",
        "H2,         40001, 40001, REPEAT",
        "H2,         90067, 90067, UNKNOWN",
        "H2,         90098, 90098, UNKNOWN",
        "H2,         22001, 22001, REFUSED",
    })
    void a_code_is_told_by_what_is_certain(Dialect dialect, String state, int code, FailureVerdict verdict) {
        assertThat(FailureVerdict.of(new SQLException("no words", state, code), dialect))
                .isEqualTo(verdict);
    }
}
