package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The clock of Redis; in a Cluster that of the master which keeps the sweep's claim. */
final class RedisClock implements InstantSource {
    private static final long NANOS_PER_MICRO = 1_000;

    private final CommandExecutor wire;
    private final CommandExecutor.Question question;

    RedisClock(CommandExecutor wire, KeyLayout layout) {
        this.wire = wire;
        this.question = new CommandExecutor.Question(
                CommandType.TIME, layout.claim(), new CommandArgs<>(ByteArrayCodec.INSTANCE));
    }

    /** Two numbers: seconds since 1970, and microseconds. */
    @Override
    public Instant instant() {
        List<byte[]> parts = wire.read(question).list();
        return Instant.ofEpochSecond(number(parts.get(0)), NANOS_PER_MICRO * number(parts.get(1)));
    }

    private static long number(byte[] text) {
        return Long.parseLong(new String(text, US_ASCII));
    }
}
