package dev.sojourn.demo.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the description of URLs that may contain a password. */
final class StoreUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                   | SQLite at /data/sessions.db",
                "sqlite                                               | SQLite at /data/sessions.db",
                "jdbc:sqlite:/else/where.db                           | SQLite at /else/where.db",
                "memory                                               | memory",
                "sealed                                               | SQLite at /data/revocations.db",
                "redis://localhost                                    | Redis at localhost",
                "redis://localhost:6379/1?timeout=1s                  | Redis at localhost:6379/1",
                "rediss://ada:hush@redis.example:6380/                | Redis at redis.example:6380",
                "redis://:hu%2Fsh@[::1]:6379                          | Redis at [::1]:6379",
                "redis://:hu/sh@host                                  | Redis",
                "redis://:hu@sh@host                                  | Redis",
                "redis://:hu?sh@host                                  | Redis at :hu",
                "redis-sentinel://hush@a:26379,b:26379#main           | Redis behind Sentinel at a:26379,b:26379",
                "redis-cluster://u:hush@a:7000,b:7001                 | a Redis Cluster at a:7000,b:7001",
                "jdbc:postgresql://h:5432/db?user=u&password=hu@sh    | PostgreSQL at h:5432/db",
                "jdbc:postgresql:db?password=hush                     | PostgreSQL",
                "jdbc:mariadb:loadbalance://a:1,b:2/db?password=hush  | MariaDB at a:1,b:2/db",
                "jdbc:mysql://u:hush@h/db                             | MySQL at h/db",
                "jdbc:mysql://(host=h,user=u,password=hush)/db        | MySQL",
                "jdbc:mysql://address=(host=h)(password=hush)/db      | MySQL",
                "jdbc:h2:tcp://h:9092/~/db;USER=sa;PASSWORD=hush      | H2 at tcp://h:9092/~/db"
            })
    void the_description_contains_the_location_and_no_password(String store, String description) {
        StoreUrl url = StoreUrl.of(store, Path.of("/data"));
        assertThat(url.description()).isEqualTo(description);
        assertThat(url.toString()).doesNotContain("hush");
    }
}
