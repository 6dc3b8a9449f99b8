package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A leak is found wherever it is. */
class LeakDetectorTest {
    private static final String SECRET = "a-secret-that-leaks";
    private static final System.Logger OURS = System.getLogger("dev.sojourn.some.part");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StoredSession session(String payload, String subject) {
        return new StoredSession(bytes(payload), 1, Instant.parse("2030-01-01T00:00:00Z"), subject);
    }

    /** Each leaks in a different place. */
    private static final Map<String, Consumer<LeakDetector>> LEAKS = Map.ofEntries(
            Map.entry(
                    "a key that is loaded",
                    detector -> assertThat(detector.load(StoreKey.of(SECRET))).isEmpty()),
            Map.entry("a key that is created", detector -> detector.create(StoreKey.of(SECRET), session("x", "alice"))),
            Map.entry("a payload", detector -> detector.create(StoreKey.of("k"), session("x" + SECRET + "x", "alice"))),
            Map.entry("a subject", detector -> detector.create(StoreKey.of("k"), session("x", SECRET))),
            Map.entry(
                    "a replacement", detector -> detector.compareAndSet(StoreKey.of("k"), 1, session(SECRET, "alice"))),
            Map.entry("a key that is touched", detector -> detector.touch(StoreKey.of(SECRET), 1, 2, Instant.EPOCH)),
            Map.entry("a key that is deleted", detector -> detector.delete(StoreKey.of(SECRET), 1)),
            Map.entry("a line at the lowest level", detector -> OURS.log(Level.TRACE, "a token: " + SECRET)),
            Map.entry("a parameter", detector -> OURS.log(Level.DEBUG, "a token: {0}", SECRET)),
            Map.entry(
                    "the cause of a logged exception",
                    detector -> OURS.log(
                            Level.WARNING,
                            "failed",
                            new IllegalStateException("x", new IllegalStateException(SECRET)))),
            Map.entry(
                    "a line of another library",
                    detector -> System.getLogger("com.acme").log(Level.WARNING, SECRET)),
            Map.entry("System.out", detector -> System.out.println(SECRET)),
            Map.entry("System.err", detector -> System.err.print(SECRET)),
            Map.entry("a response", detector -> detector.add("x" + SECRET)));

    @Test
    void a_leak_is_found_wherever_it_is() {
        LEAKS.forEach((where, leak) -> {
            LeakDetector detector = new LeakDetector(new MemoryStore());
            try (CapturedLogs logs = CapturedLogs.into(detector)) {
                leak.accept(detector);
                assertThat(logs).isNotNull();
            }
            assertThat(detector.findLeaks(SECRET)).as(where).contains("the secret");
        });
    }

    @Test
    void lines_before_and_after_the_capture_are_not_recorded() {
        LeakDetector detector = new LeakDetector(new MemoryStore());
        OURS.log(Level.INFO, SECRET);
        CapturedLogs logs = CapturedLogs.into(detector);
        logs.close();
        OURS.log(Level.INFO, SECRET);
        System.out.println(SECRET);

        assertThat(detector.findLeaks(SECRET)).isEmpty();
    }

    @Test
    void a_transport_returns_all_of_a_response_except_the_token_in_its_place() {
        String token = "t".repeat(43) + "." + "s".repeat(43);
        for (ClientTransport transport : ClientTransport.values()) {
            String place = transport == ClientTransport.COOKIE
                    ? "Set-Cookie: __Host-id=" + token + "; Path=/"
                    : (transport == ClientTransport.HEADER
                                    ? "X-Session-Token"
                                    : dev.sojourn.Transports.BEARER_RESPONSE_HEADER)
                            + ": " + token;
            RawHttp.Response clean = new RawHttp.Response(200, List.of(place, "Vary: Cookie"), bytes("done"), true);
            RawHttp.Response twice =
                    new RawHttp.Response(200, List.of(place, "X-Debug: " + token), bytes("done"), true);
            RawHttp.Response inBody = new RawHttp.Response(200, List.of(place), bytes("you are " + token), true);

            assertThat(transport.tokenIn(clean)).contains(token);
            assertThat(transport.withoutToken(clean))
                    .contains("Vary: Cookie", "done")
                    .noneMatch(l -> l.contains(token));
            assertThat(transport.withoutToken(twice)).anyMatch(line -> line.contains(token));
            assertThat(transport.withoutToken(inBody)).anyMatch(line -> line.contains(token));
        }
    }
}
