package dev.sojourn.engine;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.spi.SessionRecord;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Measures parts of a request with a sealed session: of a signed-in user with four attributes. In the engine's package,
 * because they are package-private.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SealedPartBenchmarks {
    private static final String ID = "Vh0yS3nX6bQ9tW2eR5uK8o";
    private static final Duration MAX_AGE = Duration.ofHours(12);
    private static final int REVOKED = 1_000;

    private final SealFormat seal =
            Jwe.secret("d3Qw9Zt6Xk1Rb8Ny5Vf2Jm7Hc4Lg0PsA").forPurpose("session __Host-id");
    private final Instant now = Instant.ofEpochMilli(1_795_000_000_000L);
    private final SealedRecord four = SealedRecord.read(record().write());
    private final byte[] content = four.write();
    private final String text = seal.seal(content, now);
    private final RevocationList revocations = revocations();

    /** For JMH. */
    public SealedPartBenchmarks() {}

    private SealedRecord record() {
        JsonMembers attributes = JsonMembers.EMPTY
                .with("user", json("\"alice\""))
                .with("theme", json("\"dark\""))
                .with("locale", json("\"en_GB\""))
                .with("cart", json("17"));
        SessionRecord record = SessionRecord.live(now, "alice").withAttributes(attributes);
        return new SealedRecord(ID, now.plus(MAX_AGE), null, record);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RevocationList revocations() {
        RevocationList list = RevocationList.of(
                new MemoryStore(),
                new RevocationSettings(
                        Duration.ofSeconds(2),
                        Duration.ZERO,
                        Clock.systemUTC(),
                        new SessionListener() {},
                        new SecureRandom()));
        list.requireLifetime(MAX_AGE);
        Instant end = Instant.now().plus(MAX_AGE);
        for (int i = 0; i < REVOKED; i++) {
            list.revoke("session" + i, end);
        }
        return list;
    }

    /** Seals a record. */
    @Benchmark
    public String seal() {
        return seal.seal(content, now);
    }

    /** Opens a sealed text, without reading the record. */
    @Benchmark
    public Opened open() {
        Opened opened = seal.open(text, now, MAX_AGE);
        if (!(opened instanceof Opened.Content)) {
            throw new IllegalStateException("a text that was just sealed was refused");
        }
        return opened;
    }

    /** Reads a record. */
    @Benchmark
    public Object readRecord() {
        return SealedRecord.read(content);
    }

    /** Writes a record. */
    @Benchmark
    public byte[] writeRecord() {
        return four.write();
    }

    /** Checks whether a session was revoked, with 1,000 others that were. */
    @Benchmark
    public boolean checkRevocations() {
        return revocations.isRevoked(ID);
    }
}
