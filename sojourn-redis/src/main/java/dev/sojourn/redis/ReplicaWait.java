package dev.sojourn.redis;

import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.StoreException;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Executes writes and, if configured, counts them as done only when replicas have confirmed them.
 *
 * <p><b>Where {@code WAIT} goes.</b> {@code WAIT} reports on the last write of the connection on which it is sent. On another
 * connection, or at the server that replaced a dead master, it has nothing to wait for and returns at once with the number
 * of all replicas. So it is sent directly after its write, on the same connection, and never again.
 */
final class ReplicaWait {
    /** How long an unconfirmed write is remembered: longer than the engine tries to find out its outcome. */
    private static final Duration UNCONFIRMED_RETENTION = Duration.ofMinutes(1);

    private final CommandExecutor executor;
    private final Requirement required;
    /** The keys whose last write replicas may not have, with the time of that write ({@link System#nanoTime}). */
    private final Map<ByteBuffer, Long> unconfirmed = new ConcurrentHashMap<>();

    ReplicaWait(CommandExecutor executor, Requirement required) {
        this.executor = executor;
        this.required = required;
    }

    /**
     * What a write needs to count as done.
     *
     * @param replicas how many replicas must confirm it; 0 for no wait
     * @param atMost how long to wait for them
     */
    record Requirement(int replicas, Duration atMost) {
        static final Requirement NONE = new Requirement(0, Duration.ZERO);
    }

    /** Executes a command that wrote something if its reply is not empty, and waits for the replicas. */
    Reply write(KeyedCommand command) {
        if (required.replicas() == 0) {
            return executor.write(command);
        }
        Deadline deadline = executor.deadline();
        return confirm(command.key(), reply -> reply.bytes() != null, () -> writeAndWait(command, deadline));
    }

    /** Executes a script that returns 1 if it wrote something, and waits for the replicas. */
    Reply write(Script script, List<byte[]> keys, byte[]... args) {
        return write(reply -> reply.is(1), script, keys, args);
    }

    /** Executes a script that always writes something, whatever it returns, and waits for the replicas. */
    Reply writeAlways(Script script, List<byte[]> keys, byte[]... args) {
        return write(reply -> true, script, keys, args);
    }

    private Reply write(Predicate<Reply> hasWritten, Script script, List<byte[]> keys, byte[]... args) {
        if (required.replicas() == 0) {
            return executor.write(script, keys, args);
        }
        Deadline deadline = executor.deadline();
        Function<KeyedCommand, CommandExecutor.PipelineReplies> executeCall = call -> writeAndWait(call, deadline);
        return confirm(keys.get(0), hasWritten, () -> executor.callScript(script, keys, args, executeCall));
    }

    private CommandExecutor.PipelineReplies writeAndWait(KeyedCommand command, Deadline deadline) {
        return executor.pipeline(List.of(command, waitCommand(command.key(), deadline)), deadline, redirect -> true);
    }

    private Reply confirm(
            byte[] key, Predicate<Reply> hasWritten, Supplier<CommandExecutor.PipelineReplies> execution) {
        try {
            CommandExecutor.PipelineReplies replies = execution.get();
            Reply reply = replies.get(0);
            if (hasWritten.test(reply)) {
                requireReplicas(replies, 1);
            } else if (unconfirmed.containsKey(ByteBuffer.wrap(key))) {
                // The record that won may be this very write, at an earlier attempt.
                throw StoreException.unknown("an earlier change has not been confirmed by replicas", null);
            }
            return reply;
        } catch (StoreException e) {
            if (e.isUnknown()) {
                rememberUnconfirmed(key);
            }
            throw e;
        }
    }

    private void rememberUnconfirmed(byte[] key) {
        long now = System.nanoTime();
        unconfirmed.values().removeIf(since -> now - since > UNCONFIRMED_RETENTION.toNanos());
        unconfirmed.put(ByteBuffer.wrap(key), now);
    }

    /**
     * Reads a record. If its last write is unconfirmed, replicas must first confirm that they have the current record: one
     * that only the master has must not be taken for done. Replication is in order, so a replica that has a later write has
     * this one.
     *
     * @param marker supplies a write without meaning, in the same slot
     */
    Reply read(KeyedCommand command, Supplier<KeyedCommand> marker) {
        ByteBuffer key = ByteBuffer.wrap(command.key());
        Long since = unconfirmed.get(key);
        return since == null
                ? executor.read(command)
                : CommandExecutor.asRead(() -> {
                    Deadline deadline = executor.deadline();
                    // While a slot migrates, the marker and the record may be on different nodes.
                    CommandExecutor.PipelineReplies replies = executor.pipeline(
                            List.of(marker.get(), waitCommand(command.key(), deadline), command),
                            deadline,
                            redirect -> !redirect.isAsk());
                    requireReplicas(replies, 1);
                    Reply reply = replies.get(2);
                    unconfirmed.remove(key, since);
                    return reply;
                });
    }

    private void requireReplicas(CommandExecutor.PipelineReplies replies, int waitIndex) {
        long confirmed;
        try {
            confirmed = replies.get(waitIndex).number();
        } catch (StoreException e) {
            throw StoreException.unknown("the change was made, but not confirmed by replicas", e);
        }
        if (confirmed < required.replicas()) {
            throw StoreException.unknown(
                    "the change was made, but only " + confirmed + " of " + required.replicas()
                            + " replicas confirmed it in time",
                    null);
        }
    }

    private KeyedCommand waitCommand(byte[] key, Deadline deadline) {
        // At least 1: to Redis 0 means no limit.
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline.nanosLeft()));
        long millis = Math.min(required.atMost().toMillis(), left);
        return new KeyedCommand(
                CommandType.WAIT,
                key,
                KeyedCommand.newArgs().add(required.replicas()).add(millis));
    }
}
