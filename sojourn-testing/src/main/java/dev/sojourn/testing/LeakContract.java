package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.TokenTransport;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever gets hold of a store's files, or of a copy of them, can sign in as nobody: no id and no token of a client is in
 * there, in no spelling. The author of a store extends this class and says how to make one, and how to read everything
 * that it has kept:
 *
 * <pre>{@code
 * class MyLeakTest extends LeakContract {
 *     @Override
 *     protected SessionStore open() {
 *         return new MyStore(folder);
 *     }
 *
 *     @Override
 *     protected byte[] dump() throws IOException {
 *         return Files.readAllBytes(folder.resolve("data"));
 *     }
 * }
 * }</pre>
 *
 * <p>Sessions live through all that a store is asked for. Beside them stand records that hold a made-up token in each
 * spelling, and a dump that does not show all of these fails the test: what is compressed, enciphered or not yet
 * written cannot be searched.
 */
public abstract class LeakContract {
    private static final String SECRET = "the secret of the leak contract, which no application uses";
    private static final String HEADER = "X-Session-Token";
    private static final String SUBJECT = "somebody-to-be-found";
    private static final String MARK = "a-value-to-be-found";
    private static final int VISITORS = 7;
    private static final int ID_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SettableClock clock = new SettableClock();

    /** For subclasses. */
    protected LeakContract() {}

    /**
     * Makes the store. What it already holds does not matter.
     *
     * @return the store, closed after the test
     * @throws Exception if it cannot be made
     */
    protected abstract SessionStore open() throws Exception;

    /**
     * Everything that the store has kept, as it lies there: tables, indexes, logs, snapshots, of all servers that have a
     * part of it. The store is open meanwhile.
     *
     * @return the bytes, neither compressed nor enciphered
     * @throws Exception if it cannot be read
     */
    protected abstract byte[] dump() throws Exception;

    /** Whatever a client was given is nowhere in the dump, and what is there would have been found. */
    @Test
    final void no_spelling_of_any_id_or_token_is_in_a_dump() throws Exception {
        try (SessionStore store = open()) {
            List<String> tokens = new ArrayList<>();
            for (TokenTransport transport :
                    List.of(Transports.cookie(), Transports.header(HEADER), Transports.bearer())) {
                Sessions sessions = Sessions.create(
                        c -> c.secret(SECRET).store(store).clock(clock).transport(transport));
                for (int i = 0; i < VISITORS; i++) {
                    boolean inHeader = transport.equals(Transports.header(HEADER));
                    TestClient visitor = inHeader ? new TestClient(sessions, HEADER) : new TestClient(sessions);
                    tokens.addAll(wholeLife(sessions, visitor, i));
                    assertTrue(visitor.tokens().size() >= 3, "tokens come by this transport");
                }
            }
            List<SecretEncoding> planted = plant(store);

            List<SecretEncoding> secrets = tokens.stream()
                    .flatMap(each -> SecretEncoding.of(each).stream())
                    .toList();
            Set<SecretEncoding> found = new ByteSearch(dump())
                    .found(Stream.concat(planted.stream(), secrets.stream()).toList());

            assertEquals(
                    names(planted),
                    names(found.stream().filter(planted::contains).toList()),
                    "what really is in the store shows in its dump");
            assertEquals(
                    Set.of(),
                    names(found.stream().filter(secrets::contains).toList()),
                    "spellings of an id or a token of a client that are in the dump");
        }
    }

    /** All that is done with sessions; some go on living, as the last one, some have ended by the time of the dump. */
    private List<String> wholeLife(Sessions sessions, TestClient visitor, int number) {
        visitor.request(session -> session.set("mark", MARK));
        visitor.request(session -> {
            session.exclusive();
            session.set("mark", MARK + number);
        });
        visitor.request(session -> session.login(SUBJECT));
        visitor.request(session -> session.update("count", Integer.class, count -> count == null ? 1 : count + 1));
        visitor.request(session -> session.changeId());
        visitor.lateRequest(session -> session.has("mark"));
        clock.advance(Duration.ofMinutes(5));
        visitor.request(session -> session.has("mark"));
        visitor.request(session -> sessions.of(SUBJECT).list(session));
        if (number % 3 == 1) {
            visitor.request(session -> session.regenerate());
            visitor.request(session -> session.set("again", MARK));
            visitor.request(session -> session.destroy());
        } else if (number % 3 == 2) {
            sessions.of(SUBJECT).endAll();
        }
        sessions.sweep(10);
        return visitor.tokens();
    }

    /** Puts into the store what the search has to find: the user and the value as they are, and a made-up token. */
    private List<SecretEncoding> plant(SessionStore store) {
        List<SecretEncoding> made = SecretEncoding.of(secret() + "." + secret());
        for (SecretEncoding each : made) {
            Instant expiry = clock.instant().plus(Duration.ofHours(1));
            store.create(StoreKey.of(secret()), new StoredSession(each.bytes(), RANDOM.nextLong(), expiry, null));
        }
        List<SecretEncoding> planted = new ArrayList<>(made);
        planted.add(new SecretEncoding("a user", SUBJECT.getBytes(StandardCharsets.US_ASCII)));
        planted.add(new SecretEncoding("an attribute's value", MARK.getBytes(StandardCharsets.US_ASCII)));
        return planted;
    }

    private static String secret() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Set<String> names(List<SecretEncoding> spellings) {
        return spellings.stream().map(SecretEncoding::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
