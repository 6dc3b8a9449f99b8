package dev.sojourn.engine;

import dev.sojourn.Transports;
import dev.sojourn.benchmarks.InMemoryExchange;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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

/** What the parts of a request cost that are no request by themselves. In the engine's package, which hides them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PartBenchmarks {
    private static final String ID = "Vh0yS3nX6bQ9tW2eR5uK8oZ1cF4gJ7mL0pA3dN6sB9x";

    private final SignedTokenFormat tokens = new SignedTokenFormat(List.of("d3Qw9Zt6Xk1Rb8Ny5Vf2Jm7Hc4Lg0PsA"));
    private final SojournRecordFormat records = new SojournRecordFormat();
    private final List<TokenRoute> ways = List.of(new TokenRoute(Transports.cookie(), tokens));
    private final String token = tokens.write(ID);
    private final List<String> cookie = List.of("theme=dark; __Host-id=" + token);
    private final List<String> forgery =
            List.of("theme=dark; __Host-id=" + token.substring(0, token.length() - 2) + "..");

    private final Instant now = Instant.ofEpochMilli(1_795_000_000_000L);
    private final SessionRecord four = record(4);
    private final SessionRecord fifty = record(50);
    private final StoredSession storedFour = records.write(four, now);
    private final StoredSession storedFifty = records.write(fifty, now);

    private final ValueCodec values = new ValueCodec(JsonMapper.builder().build());
    private final Attributes attributes = new Attributes(values, 65_536, 256);
    private final Basket basket = new Basket(
            "alice",
            now,
            List.of(
                    new Line(17, "tea", 2, new BigDecimal("4.50")),
                    new Line(18, "a cup", 1, new BigDecimal("12.00")),
                    new Line(19, "a pot", 1, new BigDecimal("39.90"))));
    private final List<String> texts = List.of("tea", "a cup", "a pot");

    /** A line of a basket. */
    public record Line(long article, String name, int count, BigDecimal price) {}

    /** A value as applications keep it. */
    public record Basket(String owner, Instant since, List<Line> lines) {}

    /** For JMH. Sets a text outside ASCII first: a JVM that has seen none writes ASCII about 50 ns faster, and no server stays so. */
    public PartBenchmarks() {
        set("Zo\u00eb pays 4 \u20ac");
    }

    private SessionRecord record(int attributes) {
        JsonMembers members = JsonMembers.EMPTY.with("cart", json("17"));
        for (int i = 1; i < attributes; i++) {
            members = members.with("attribute" + i, json("\"a text, number " + i + "\""));
        }
        // From bytes, as a loaded one: members are then slices of one array.
        SessionRecord made = SessionRecord.live(now, null).withAttributes(members);
        return records.read(records.write(made, now));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** From the cookie header to the key that the store is asked for. */
    @Benchmark
    public StoreKey cookieToKey() {
        TokenLookup presented = TokenLookup.in(InMemoryExchange.withCookie(cookie), ways, List.of(), ways.get(0));
        if (presented.verified() == null) {
            throw new IllegalStateException("a good token was refused");
        }
        return records.keyOf(presented.verified().id());
    }

    /** From the cookie header to the refusal. */
    @Benchmark
    public Object cookieRefused() {
        TokenLookup presented = TokenLookup.in(InMemoryExchange.withCookie(forgery), ways, List.of(), ways.get(0));
        if (presented.refusal() == null) {
            throw new IllegalStateException("a forged token was taken");
        }
        return presented;
    }

    /** A record of four attributes is taken apart. */
    @Benchmark
    public SessionRecord recordRead4() {
        return records.read(storedFour);
    }

    /** A record of fifty attributes is taken apart. */
    @Benchmark
    public SessionRecord recordRead50() {
        return records.read(storedFifty);
    }

    /** A record of four attributes is put together. */
    @Benchmark
    public StoredSession recordWrite4() {
        return records.write(four, now);
    }

    /** A record of fifty attributes is put together. */
    @Benchmark
    public StoredSession recordWrite50() {
        return records.write(fifty, now);
    }

    /** An attribute is set to a number. */
    @Benchmark
    public Object setNumber() {
        return set(17);
    }

    /** An attribute is set to a text. */
    @Benchmark
    public Object setText() {
        return set("a text of some length, as a name or a path has");
    }

    /** An attribute is set to a record of a text, a time and three records. */
    @Benchmark
    public Object setRecord() {
        return set(basket);
    }

    /** An attribute is set to a list of texts. */
    @Benchmark
    public Object setTexts() {
        return set(texts);
    }

    private Object set(Object value) {
        attributes.start(JsonMembers.EMPTY);
        attributes.set("v", value);
        return attributes;
    }
}
