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

/** What the searches for a leak rest on: whatever leaks, wherever it leaks, is found. */
class LeakDetectorTest {
    private static final String SECRET = "a-secret-that-leaks";
    private static final System.Logger OURS = System.getLogger("dev.sojourn.some.part");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StoredSession session(String payload, String subject) {
        return new StoredSession(bytes(payload), 1, Instant.parse("2030-01-01T00:00:00Z"), subject);
    }

    /** Each leaks in another place. */
    private static final Map<String, Consumer<LeakDetector>> LEAKS = Map.ofEntries(
            Map.entry(
                    "a key that is loaded",
                    t -> assertThat(t.load(StoreKey.of(SECRET))).isEmpty()),
            Map.entry("a key that is created", t -> t.create(StoreKey.of(SECRET), session("x", "alice"))),
            Map.entry("a payload", t -> t.create(StoreKey.of("k"), session("x" + SECRET + "x", "alice"))),
            Map.entry("a subject", t -> t.create(StoreKey.of("k"), session("x", SECRET))),
            Map.entry("a replacement", t -> t.compareAndSet(StoreKey.of("k"), 1, session(SECRET, "alice"))),
            Map.entry("a key that is touched", t -> t.touch(StoreKey.of(SECRET), 1, 2, Instant.EPOCH)),
            Map.entry("a key that is deleted", t -> t.delete(StoreKey.of(SECRET), 1)),
            Map.entry("a line of the lowest level", t -> OURS.log(Level.TRACE, "a token: " + SECRET)),
            Map.entry("a parameter", t -> OURS.log(Level.DEBUG, "a token: {0}", SECRET)),
            Map.entry(
                    "the cause of a logged exception",
                    t -> OURS.log(
                            Level.WARNING,
                            "failed",
                            new IllegalStateException("x", new IllegalStateException(SECRET)))),
            Map.entry(
                    "another library's line", t -> System.getLogger("com.acme").log(Level.WARNING, SECRET)),
            Map.entry("System.out", t -> System.out.println(SECRET)),
            Map.entry("System.err", t -> System.err.print(SECRET)),
            Map.entry("an answer", t -> t.add("x" + SECRET)));

    @Test
    void a_leak_is_found_wherever_it_is() {
        LEAKS.forEach((where, leak) -> {
            LeakDetector transcript = new LeakDetector(new MemoryStore());
            try (CapturedLogs logs = CapturedLogs.into(transcript)) {
                leak.accept(transcript);
                assertThat(logs).isNotNull();
            }
            assertThat(transcript.findLeaks(SECRET)).as(where).contains("the secret");
        });
    }

    @Test
    void what_is_logged_before_and_after_is_not_noted() {
        LeakDetector transcript = new LeakDetector(new MemoryStore());
        OURS.log(Level.INFO, SECRET);
        CapturedLogs logs = CapturedLogs.into(transcript);
        logs.close();
        OURS.log(Level.INFO, SECRET);
        System.out.println(SECRET);

        assertThat(transcript.findLeaks(SECRET)).isEmpty();
    }

    @Test
    void a_carrier_shows_all_of_an_answer_but_the_token_in_its_place() {
        String token = "t".repeat(43) + "." + "s".repeat(43);
        for (ClientTransport carrier : ClientTransport.values()) {
            String place = carrier == ClientTransport.COOKIE
                    ? "Set-Cookie: __Host-id=" + token + "; Path=/"
                    : (carrier == ClientTransport.HEADER
                                    ? "X-Session-Token"
                                    : dev.sojourn.Transports.BEARER_RESPONSE_HEADER)
                            + ": " + token;
            RawHttp.Response clean = new RawHttp.Response(200, List.of(place, "Vary: Cookie"), bytes("done"), true);
            RawHttp.Response twice =
                    new RawHttp.Response(200, List.of(place, "X-Debug: " + token), bytes("done"), true);
            RawHttp.Response inBody = new RawHttp.Response(200, List.of(place), bytes("you are " + token), true);

            assertThat(carrier.tokenIn(clean)).contains(token);
            assertThat(carrier.apartFromTheToken(clean))
                    .contains("Vary: Cookie", "done")
                    .noneMatch(l -> l.contains(token));
            assertThat(carrier.apartFromTheToken(twice)).anyMatch(line -> line.contains(token));
            assertThat(carrier.apartFromTheToken(inBody)).anyMatch(line -> line.contains(token));
        }
    }
}
