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
 * The rule that a store's files are useless for signing in: they contain no id and no token of a client in any encoding.
 * The author of a store extends this class, opens the store, and reads all that it has kept:
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
 * <p>The test runs sessions through every store call. It also creates records that contain an invented token in each
 * encoding. A dump without all of these fails the test, because compressed, encrypted or unwritten data cannot be searched.
 */
public abstract class LeakContract {
    private static final String SECRET = "the secret of the leak contract, which no application uses";
    private static final String HEADER = "X-Session-Token";
    private static final String SUBJECT = "a-user-to-be-found";
    private static final String VALUE = "a-value-to-be-found";
    private static final int CLIENTS = 7;
    private static final int ID_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SettableClock clock = new SettableClock();

    /** For subclasses. */
    protected LeakContract() {}

    /**
     * Opens the store. It may contain records.
     *
     * @return the store, closed after the test
     * @throws Exception if it cannot be opened
     */
    protected abstract SessionStore open() throws Exception;

    /**
     * Returns all that the store has kept, as it is on the disk: tables, indexes, logs and snapshots of all servers that
     * have a part of it. Called while the store is open.
     *
     * @return the bytes, neither compressed nor encrypted
     * @throws Exception if it cannot be read
     */
    protected abstract byte[] dump() throws Exception;

    @Test
    final void no_id_and_no_token_is_in_a_dump_in_any_encoding() throws Exception {
        try (SessionStore store = open()) {
            List<String> tokens = new ArrayList<>();
            for (TokenTransport transport :
                    List.of(Transports.cookie(), Transports.header(HEADER), Transports.bearer())) {
                Sessions sessions = Sessions.create(
                        c -> c.secret(SECRET).store(store).clock(clock).transport(transport));
                for (int i = 0; i < CLIENTS; i++) {
                    boolean inHeader = transport.equals(Transports.header(HEADER));
                    TestClient client = inHeader ? new TestClient(sessions, HEADER) : new TestClient(sessions);
                    tokens.addAll(runSessions(sessions, client, i));
                    assertTrue(client.tokens().size() >= 3, "the client receives tokens by this transport");
                }
            }
            List<SecretEncoding> planted = plant(store);

            List<SecretEncoding> secrets = tokens.stream()
                    .flatMap(each -> SecretEncoding.ofToken(each).stream())
                    .toList();
            Set<SecretEncoding> found = new ByteSearch(dump())
                    .find(Stream.concat(planted.stream(), secrets.stream()).toList());

            assertEquals(
                    names(planted),
                    names(found.stream().filter(planted::contains).toList()),
                    "the dump contains what is in the store");
            assertEquals(
                    Set.of(),
                    names(found.stream().filter(secrets::contains).toList()),
                    "encodings of ids and tokens of clients in the dump");
        }
    }

    /** Runs one client through every operation. By the number, its session is live at the end, destroyed, or ended by endAll. */
    private List<String> runSessions(Sessions sessions, TestClient client, int number) {
        client.request(session -> session.set("value", VALUE));
        client.request(session -> {
            session.exclusive();
            session.set("value", VALUE + number);
        });
        client.request(session -> session.login(SUBJECT));
        client.request(session -> session.update("count", Integer.class, count -> count == null ? 1 : count + 1));
        client.request(session -> session.changeId());
        client.lateRequest(session -> session.has("value"));
        clock.advance(Duration.ofMinutes(5));
        client.request(session -> session.has("value"));
        client.request(session -> sessions.of(SUBJECT).list(session));
        if (number % 3 == 1) {
            client.request(session -> session.regenerate());
            client.request(session -> session.set("again", VALUE));
            client.request(session -> session.destroy());
        } else if (number % 3 == 2) {
            sessions.of(SUBJECT).endAll();
        }
        sessions.sweep(10);
        return client.tokens();
    }

    /** Creates records that the search has to find, and returns what it has to find: an invented token, the user and the value. */
    private List<SecretEncoding> plant(SessionStore store) {
        List<SecretEncoding> invented = SecretEncoding.ofToken(randomSecret() + "." + randomSecret());
        for (SecretEncoding each : invented) {
            Instant expiry = clock.instant().plus(Duration.ofHours(1));
            store.create(StoreKey.of(randomSecret()), new StoredSession(each.bytes(), RANDOM.nextLong(), expiry, null));
        }
        List<SecretEncoding> planted = new ArrayList<>(invented);
        planted.add(new SecretEncoding("a user", SUBJECT.getBytes(StandardCharsets.US_ASCII)));
        planted.add(new SecretEncoding("an attribute's value", VALUE.getBytes(StandardCharsets.US_ASCII)));
        return planted;
    }

    private static String randomSecret() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Set<String> names(List<SecretEncoding> encodings) {
        return encodings.stream().map(SecretEncoding::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
