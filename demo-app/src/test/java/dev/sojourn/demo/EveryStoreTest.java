package dev.sojourn.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.demo.servers.Adapters;
import dev.sojourn.demo.store.DemoStore;
import dev.sojourn.demo.store.StoreUrl;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the list of a user's sessions on each kind of store. */
final class EveryStoreTest {
    private static final String SECRET = "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=";

    private static RedisServer redis;
    private static PostgresServer postgres;

    @TempDir
    private Path folder;

    private enum Kind {
        MEMORY,
        SQLITE,
        H2,
        REDIS,
        POSTGRESQL
    }

    @BeforeAll
    static void start() {
        redis = RedisServer.start7();
        postgres = PostgresServer.start18();
    }

    @AfterAll
    static void stop() {
        redis.close();
        postgres.close();
    }

    private String url(Kind kind) {
        return switch (kind) {
            case MEMORY -> "memory";
            case SQLITE -> "sqlite";
            case H2 -> "jdbc:h2:" + folder.resolve("h2");
            case REDIS -> redis.uri();
            case POSTGRESQL -> postgres.jdbcUrl() + "?user=" + postgres.user() + "&password=" + postgres.password();
        };
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void two_browsers_list_both_sessions_and_one_ends_the_other(Kind kind) throws IOException {
        try (DemoStore store = DemoStore.open(StoreUrl.of(url(kind), folder));
                DemoServer server = DemoServer.start(Adapters.byName(""), 0, SECRET, Clock.systemUTC(), store)) {
            DemoClient laptop = new DemoClient(server);
            DemoClient phone = new DemoClient(server);
            laptop.submit("/account/sign-in", "name", "Ada");
            phone.submit("/account/sign-in", "name", "Ada");
            for (DemoClient each : new DemoClient[] {laptop, phone}) {
                String page = each.get("/devices").body();
                assertThat(page)
                        .contains("<strong>Ada</strong>, 2 sessions")
                        .containsOnlyOnce("this device")
                        .containsOnlyOnce("End session<");
            }

            String publicId = publicIdOfOtherSession(laptop.get("/devices").body());
            assertThat(laptop.submit("/devices/end", "publicId", publicId).body())
                    .contains("That session has ended.", "this session only");
            assertThat(phone.get("/account").body()).contains("You are not signed in.");
            assertThat(laptop.submit("/devices/end", "publicId", publicId).body())
                    .contains("That session no longer exists.");

            phone.submit("/account/sign-in", "name", "Ada");
            assertThat(phone.submit("/devices/end-others").body())
                    .contains("All other sessions have ended.", "this session only");
            assertThat(laptop.get("/devices").body()).contains("You are not signed in.");

            laptop.submit("/account/sign-in", "name", "Ada");
            assertThat(laptop.submit("/devices/end-all").body())
                    .contains("All your sessions have ended", "You are not signed in.");
            assertThat(phone.get("/account").body()).contains("You are not signed in.");
            assertThat(phone.get("/health").body()).contains("\"up\":true");
        }
    }

    private static String publicIdOfOtherSession(String page) {
        return Pattern.compile("name=\"publicId\" value=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }
}
