package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The clock of Redis. In a Cluster it is the clock of the master that has the sweep's claim. */
final class RedisClock implements InstantSource {
    private static final long NANOS_PER_MICRO = 1_000;

    private final CommandExecutor executor;
    private final KeyedCommand time;

    RedisClock(CommandExecutor executor, KeyLayout layout) {
        this.executor = executor;
        this.time = new KeyedCommand(CommandType.TIME, layout.sweepClaim(), KeyedCommand.newArgs());
    }

    /** Reads the time with one command. The reply has two numbers: seconds since 1970, and microseconds. */
    @Override
    public Instant instant() {
        List<byte[]> parts = executor.read(time).list();
        return Instant.ofEpochSecond(number(parts.get(0)), NANOS_PER_MICRO * number(parts.get(1)));
    }

    private static long number(byte[] text) {
        return Long.parseLong(new String(text, US_ASCII));
    }
}
