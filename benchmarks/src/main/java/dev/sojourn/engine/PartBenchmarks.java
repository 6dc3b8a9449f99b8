package dev.sojourn.engine;

import dev.sojourn.Transports;
import dev.sojourn.benchmarks.InMemoryExchange;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.json.JsonMapper;

/** Measures parts of a request. In the engine's package, because they are package-private. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PartBenchmarks {
    private static final String ID = "Vh0yS3nX6bQ9tW2eR5uK8oZ1cF4gJ7mL0pA3dN6sB9x";

    private final SignedTokenFormat tokens = new SignedTokenFormat(List.of("d3Qw9Zt6Xk1Rb8Ny5Vf2Jm7Hc4Lg0PsA"));
    private final SojournRecordFormat records = new SojournRecordFormat();
    private final List<TokenRoute> routes = List.of(new TokenRoute(Transports.cookie(), tokens));
    private final String token = tokens.write(ID);
    private final List<String> cookie = List.of("theme=dark; __Host-id=" + token);
    private final List<String> forgery =
            List.of("theme=dark; __Host-id=" + token.substring(0, token.length() - 2) + "..");

    private final Instant now = Instant.ofEpochMilli(1_795_000_000_000L);
    private final SessionRecord four = record(4);
    private final SessionRecord fifty = record(50);
    private final StoredSession storedFour = records.write(four, now);
    private final StoredSession storedFifty = records.write(fifty, now);

    private static final StoreKey RECORD_KEY = SessionIds.storeKey(ID);
    private final RecordCipher cipher =
            new RecordCipher(List.of("t5KwQzM8xV2bN9cPj4Ls7Rd0Hf1Gy6Aa"), new SecureRandom());
    private final StoredSession encryptedFour = cipher.encrypt(RECORD_KEY, storedFour);

    private final ValueCodec values = new ValueCodec(JsonMapper.builder().build());
    private final Attributes attributes = new Attributes(values, new EngineSettings.Limits(65_536, 256, 256, 32));
    private final Basket basket = new Basket(
            "alice",
            now,
            List.of(
                    new Line(17, "tea", 2, new BigDecimal("4.50")),
                    new Line(18, "a cup", 1, new BigDecimal("12.00")),
                    new Line(19, "a pot", 1, new BigDecimal("39.90"))));
    private final List<String> texts = List.of("tea", "a cup", "a pot");

    /** A line of a basket, as a nested value. */
    public record Line(long article, String name, int count, BigDecimal price) {}

    /** A typical attribute value of an application. */
    public record Basket(String owner, Instant since, List<Line> lines) {}

    /**
     * For JMH. Sets a non-ASCII text first: a JVM that has seen none writes ASCII about 50 ns faster, which is not
     * realistic for a server.
     */
    public PartBenchmarks() {
        set("Zo\u00eb pays 4 \u20ac");
    }

    private SessionRecord record(int attributes) {
        JsonMembers members = JsonMembers.EMPTY.with("cart", json("17"));
        for (int i = 1; i < attributes; i++) {
            members = members.with("attribute" + i, json("\"a text, number " + i + "\""));
        }
        // Written and read again, as a loaded record: its members are slices of one array.
        SessionRecord record = SessionRecord.live(now, null).withAttributes(members);
        return records.read(records.write(record, now));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** From the cookie header to the store key. */
    @Benchmark
    public StoreKey cookieToKey() {
        TokenLookup lookup = TokenLookup.in(InMemoryExchange.withCookie(cookie), routes, List.of(), routes.get(0));
        if (lookup.verified() == null) {
            throw new IllegalStateException("a valid token was refused");
        }
        return records.keyOf(lookup.verified().id());
    }

    /** From the cookie header to the refusal. */
    @Benchmark
    public Object cookieToRefusal() {
        TokenLookup lookup = TokenLookup.in(InMemoryExchange.withCookie(forgery), routes, List.of(), routes.get(0));
        if (lookup.refusal() == null) {
            throw new IllegalStateException("a forged token was accepted");
        }
        return lookup;
    }

    /** Encrypts the payload of a record of four attributes. */
    @Benchmark
    public StoredSession encryptRecordOf4() {
        return cipher.encrypt(RECORD_KEY, storedFour);
    }

    /** Decrypts it. */
    @Benchmark
    public StoredSession decryptRecordOf4() {
        return cipher.decrypt(RECORD_KEY, encryptedFour);
    }

    /** Reads a record of four attributes. */
    @Benchmark
    public SessionRecord readRecordOf4() {
        return records.read(storedFour);
    }

    /** Reads a record of fifty attributes. */
    @Benchmark
    public SessionRecord readRecordOf50() {
        return records.read(storedFifty);
    }

    /** Writes a record of four attributes. */
    @Benchmark
    public StoredSession writeRecordOf4() {
        return records.write(four, now);
    }

    /** Writes a record of fifty attributes. */
    @Benchmark
    public StoredSession writeRecordOf50() {
        return records.write(fifty, now);
    }

    /** Sets an attribute to a number. */
    @Benchmark
    public Object setNumber() {
        return set(17);
    }

    /** Sets an attribute to a text. */
    @Benchmark
    public Object setText() {
        return set("a text of some length, as a name or a path has");
    }

    /** Sets an attribute to a record of a text, a time and three records. */
    @Benchmark
    public Object setRecord() {
        return set(basket);
    }

    /** Sets an attribute to a list of texts. */
    @Benchmark
    public Object setTexts() {
        return set(texts);
    }

    private Object set(Object value) {
        attributes.start(JsonMembers.EMPTY);
        attributes.set("v", value, null);
        return attributes;
    }
}
