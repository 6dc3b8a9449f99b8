package dev.sojourn.redis;

import dev.sojourn.spi.StoreException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Lets a change count only when replicas have it, where that is wanted.
 *
 * <p><b>What is asked.</b> {@code WAIT} tells of the last write of the connection that it comes on. On another connection it
 * tells of nothing, and so it does at the server that took a dead master's place: both answer at once, with all their
 * replicas. It is therefore sent right behind its change on the same connection, and never again.
 */
final class ReplicaWait {
    /** How long a change that no replica confirmed is remembered: longer than anybody asks what became of it. */
    private static final Duration DOUBT = Duration.ofMinutes(1);

    private final CommandExecutor wire;
    private final Confirmation wanted;
    /** Keys whose last change replicas were to have and perhaps have not, and since when. */
    private final Map<ByteBuffer, Long> doubts = new ConcurrentHashMap<>();

    ReplicaWait(CommandExecutor wire, Confirmation wanted) {
        this.wire = wire;
        this.wanted = wanted;
    }

    /** How many replicas have to have a change, and how long they are waited for. */
    record Confirmation(int replicas, Duration atMost) {
        static final Confirmation NONE = new Confirmation(0, Duration.ZERO);
    }

    /** Asks for a change that happens if the answer is not empty, and waits until replicas have it. */
    Reply confirmed(CommandExecutor.Question change) {
        if (wanted.replicas() == 0) {
            return wire.change(change);
        }
        Deadline deadline = wire.deadline();
        return confirmed(change.key(), reply -> reply.bytes() != null, () -> ask(change, deadline));
    }

    /** The same by a script that answers with 1 if it has changed something. */
    Reply confirmed(Script script, List<byte[]> keys, byte[]... args) {
        return confirmed(reply -> reply.is(1), script, keys, args);
    }

    /** The same by a script that always changes something, whatever its answer. */
    Reply alwaysConfirmed(Script script, List<byte[]> keys, byte[]... args) {
        return confirmed(reply -> true, script, keys, args);
    }

    private Reply confirmed(Predicate<Reply> changes, Script script, List<byte[]> keys, byte[]... args) {
        if (wanted.replicas() == 0) {
            return wire.change(script, keys, args);
        }
        Deadline deadline = wire.deadline();
        Function<CommandExecutor.Question, CommandExecutor.Answers> asking = question -> ask(question, deadline);
        return confirmed(keys.get(0), changes, () -> wire.run(script, keys, args, asking));
    }

    private CommandExecutor.Answers ask(CommandExecutor.Question change, Deadline deadline) {
        return wire.together(List.of(change, wait(change.key(), deadline)), deadline, elsewhere -> true);
    }

    private Reply confirmed(byte[] key, Predicate<Reply> changes, Supplier<CommandExecutor.Answers> asking) {
        try {
            CommandExecutor.Answers answers = asking.get();
            Reply reply = answers.get(0);
            if (changes.test(reply)) {
                check(answers, 1);
            } else if (doubts.containsKey(ByteBuffer.wrap(key))) {
                // What stands in its way may be this very change, at an earlier try.
                throw StoreException.unknown("an earlier change has not been confirmed by replicas", null);
            }
            return reply;
        } catch (StoreException e) {
            if (e.unknown()) {
                doubt(key);
            }
            throw e;
        }
    }

    private void doubt(byte[] key) {
        long now = System.nanoTime();
        doubts.values().removeIf(since -> now - since > DOUBT.toNanos());
        doubts.put(ByteBuffer.wrap(key), now);
    }

    /**
     * Asks for a record. If its last change is in doubt, replicas are asked first whether they have what stands there: what
     * the master alone has must not be taken for done. Replication is in order, so whoever has a later change has this one.
     *
     * @param later a change of nothing that matters, in the same slot
     */
    Reply read(CommandExecutor.Question question, Supplier<CommandExecutor.Question> later) {
        ByteBuffer key = ByteBuffer.wrap(question.key());
        Long since = doubts.get(key);
        return since == null
                ? wire.read(question)
                : CommandExecutor.harmless(() -> {
                    Deadline deadline = wire.deadline();
                    // While a slot is on its way to another node, the change of nothing and the record may be at
                    // different ones.
                    CommandExecutor.Answers answers = wire.together(
                            List.of(later.get(), wait(question.key(), deadline), question),
                            deadline,
                            elsewhere -> !elsewhere.asking());
                    check(answers, 1);
                    Reply reply = answers.get(2);
                    doubts.remove(key, since);
                    return reply;
                });
    }

    private void check(CommandExecutor.Answers answers, int index) {
        long confirmed;
        try {
            confirmed = answers.get(index).number();
        } catch (StoreException e) {
            throw StoreException.unknown("the change was made, but not confirmed by replicas", e);
        }
        if (confirmed < wanted.replicas()) {
            throw StoreException.unknown(
                    "the change was made, but only " + confirmed + " of " + wanted.replicas()
                            + " replicas confirmed it in time",
                    null);
        }
    }

    private CommandExecutor.Question wait(byte[] key, Deadline deadline) {
        long millis = Math.min(wanted.atMost().toMillis(), deadline.millisLeft());
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        return new CommandExecutor.Question(
                CommandType.WAIT, key, args.add(wanted.replicas()).add(millis));
    }
}
