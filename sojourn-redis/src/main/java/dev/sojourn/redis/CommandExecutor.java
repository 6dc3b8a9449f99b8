package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.StoreException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks and waits, to a deadline. Every failure becomes a {@link StoreException} that says whether the server may have done
 * what it was asked.
 *
 * <p>A server that does not answer in time is asked once more whether it is there ({@link UnresponsiveServerProbe}).
 */
final class CommandExecutor implements AutoCloseable {
    private static final long BETWEEN_SEARCHES = Duration.ofMillis(500).toNanos();

    /** How often a node of a Cluster may name another one. */
    private static final int MOST_REDIRECTIONS = 5;

    private final Connections line;
    private final Duration timeout;
    private final UnresponsiveServerProbe silence = new UnresponsiveServerProbe();
    private final ReconnectCounter breaks = new ReconnectCounter();
    private final AtomicLong lastWithoutReplicas = new AtomicLong(System.nanoTime() - BETWEEN_SEARCHES);

    CommandExecutor(Connections line, Duration timeout) {
        this.line = line;
        this.timeout = timeout;
    }

    /** A command and the key that decides on its server. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Question(CommandType type, byte[] key, CommandArgs<byte[], byte[]> args) {
        AtMostOnceCommand toTry() {
            return AtMostOnceCommand.of(type, args);
        }
    }

    /** A command about one key. */
    static Question question(CommandType type, byte[] key, byte[]... rest) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(key);
        for (byte[] each : rest) {
            args.add(each);
        }
        return new Question(type, key, args);
    }

    private static Question evaluation(CommandType type, byte[] script, List<byte[]> keys, byte[]... rest) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        args.add(script).add(keys.size()).addKeys(keys);
        for (byte[] each : rest) {
            args.add(each);
        }
        return new Question(type, keys.get(0), args);
    }

    /** Asks for something that changes nothing, so that no failure leaves anything in doubt. */
    Reply read(Question question) {
        return harmless(() -> ask(question, deadline()));
    }

    /** The same by a script. */
    Reply read(Script script, List<byte[]> keys, byte[]... args) {
        return harmless(() -> change(script, keys, args));
    }

    /** Asks for a change. */
    Reply change(Question question) {
        return ask(question, deadline());
    }

    /** Asks for a change by a script, in one trip; in two where the server does not know the script yet. */
    Reply change(Script script, List<byte[]> keys, byte[]... args) {
        Deadline deadline = deadline();
        return run(script, keys, args, question -> answerOrNoScript(question, deadline));
    }

    /** Until when a call that begins now may take. */
    Deadline deadline() {
        return Deadline.in(timeout);
    }

    /** Asks many things that change nothing at once; the answers in the same order. */
    List<Reply> readAll(List<Question> questions) {
        return harmless(() -> {
            Deadline deadline = deadline();
            List<AtMostOnceCommand> sent = new ArrayList<>(questions.size());
            for (Question each : questions) {
                sent.add(send(each));
            }
            List<Reply> replies = new ArrayList<>(questions.size());
            for (int i = 0; i < sent.size(); i++) {
                replies.add(answer(questions.get(i), sent.get(i), deadline));
            }
            return replies;
        });
    }

    /** Has a script carried out, by its name, or whole where the server does not know it. */
    <T> T run(Script script, List<byte[]> keys, byte[][] args, Function<Question, T> asking) {
        try {
            return asking.apply(evaluation(CommandType.EVALSHA, script.digest(), keys, args));
        } catch (RedisNoScriptException e) {
            // Restarted, flushed or failed over since. Sent whole, the script is known from then on.
            return asking.apply(evaluation(CommandType.EVAL, script.text(), keys, args));
        }
    }

    private Reply ask(Question question, Deadline deadline) {
        return answer(question, send(question), deadline);
    }

    private Reply answer(Question question, AtMostOnceCommand attempt, Deadline deadline) {
        try {
            return await(question, attempt, deadline);
        } catch (RedisCommandExecutionException e) {
            throw refused(question, e);
        }
    }

    private Reply answerOrNoScript(Question question, Deadline deadline) {
        try {
            return await(question, send(question), deadline);
        } catch (RedisNoScriptException e) {
            throw e;
        } catch (RedisCommandExecutionException e) {
            throw refused(question, e);
        }
    }

    /** The answers of one server to what it was asked together. */
    final class Answers {
        private final List<Question> questions;
        private final List<AtMostOnceCommand> tries;
        private final Deadline deadline;

        private Answers(List<Question> questions, List<AtMostOnceCommand> tries, Deadline deadline) {
            this.questions = questions;
            this.tries = tries;
            this.deadline = deadline;
        }

        /** Waits for one of them. */
        Reply get(int index) {
            try {
                return attempted(questions.get(index), tries.get(index), deadline);
            } catch (NeverSent e) {
                throw e.asStoreException();
            } catch (RedisCommandExecutionException e) {
                throw refused(questions.get(index), e);
            }
        }
    }

    /**
     * Asks one server for several things in this order, on one connection: each is written only where the one before it was,
     * and none is asked again. Waits for the first answer.
     *
     * @param follows whether all may be asked of another node if the first is turned away
     */
    Answers together(List<Question> questions, Deadline deadline, Predicate<ClusterRedirect> follows) {
        Question first = questions.get(0);
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection = line.to(first.key());
        ClusterRedirect redirection = null;
        for (int turns = 0; ; turns++) {
            List<AtMostOnceCommand> tries = send(opened(connection, deadline), questions, redirection);
            try {
                attempted(first, tries.get(0), deadline);
                return new Answers(questions, tries, deadline);
            } catch (NeverSent e) {
                throw e.asStoreException();
            } catch (RedisNoScriptException e) {
                throw e;
            } catch (RedisCommandExecutionException e) {
                redirection = ClusterRedirect.of(e);
                if (redirection == null || turns == MOST_REDIRECTIONS || !follows.test(redirection)) {
                    throw refused(first, e);
                }
                line.doubt();
                connection = line.to(redirection).orElseThrow(() -> refused(first, e));
            }
        }
    }

    private List<AtMostOnceCommand> send(
            StatefulRedisConnection<byte[], byte[]> connection,
            List<Question> questions,
            @Nullable ClusterRedirect redirection) {
        List<AtMostOnceCommand> all = new ArrayList<>();
        if (redirection != null && redirection.asking()) {
            all.add(AtMostOnceCommand.of(CommandType.ASKING, new CommandArgs<>(ByteArrayCodec.INSTANCE)));
        }
        int first = all.size();
        LongSupplier breaksOfIt = breaks.of(connection);
        AtMostOnceCommand last = null;
        for (Question each : questions) {
            last = AtMostOnceCommand.of(each.type(), each.args(), last, breaksOfIt);
            all.add(last);
        }
        try {
            connection.dispatch(all);
        } catch (RedisException e) {
            all.forEach(each -> each.completeExceptionally(e));
        }
        return all.subList(first, all.size());
    }

    private AtMostOnceCommand send(Question question) {
        AtMostOnceCommand attempt = question.toTry();
        try {
            line.send(attempt);
        } catch (RedisException e) {
            attempt.completeExceptionally(e);
        }
        return attempt;
    }

    /** Waits for an answer. In a Cluster a node's connection may have to open first: then the command is sent once more. */
    private Reply await(Question question, AtMostOnceCommand attempt, Deadline deadline) {
        try {
            return attempted(question, attempt, deadline);
        } catch (NeverSent e) {
            if (line.patience().isZero()) {
                throw e.asStoreException();
            }
            opened(line.to(question.key()), deadline);
            try {
                return attempted(question, send(question), deadline);
            } catch (NeverSent again) {
                throw again.asStoreException();
            }
        }
    }

    private Reply attempted(Question question, AtMostOnceCommand attempt, Deadline deadline) {
        try {
            Reply reply = attempt.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
            if (attempt.isAnswerOfAnother()) {
                throw StoreException.unknown("the connection to Redis broke before the answer came", null);
            }
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            attempt.cancel();
            throw failed(attempt, "interrupted while Redis was asked", null);
        } catch (TimeoutException e) {
            attempt.cancel();
            StoreException failure = failed(attempt, "Redis did not answer within " + timeout, null);
            suspect(question.key());
            throw failure;
        } catch (CancellationException e) {
            throw failed(attempt, "the connection to Redis was closed", null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisCommandExecutionException answer) {
                throw answer;
            }
            if (attempt.neverWritten()) {
                throw new NeverSent(e.getCause());
            }
            throw failed(attempt, "the connection to Redis broke before the answer came", e.getCause());
        }
    }

    private static StoreException failed(AtMostOnceCommand attempt, String message, @Nullable Throwable cause) {
        return attempt.neverWritten()
                ? StoreException.notDone(message + "; it was not sent", cause)
                : StoreException.unknown(message, cause);
    }

    private StoreException refused(Question question, RedisCommandExecutionException answer) {
        String code = ErrorReplies.code(answer);
        boolean demoted = code.equals("READONLY") || code.equals("MASTERDOWN");
        if (demoted || (code.equals("NOREPLICAS") && isFirstForAWhile())) {
            // The master has become a replica, or was left by all of them. Only a new connection finds the new one.
            line.doubt();
            hangUp(question.key());
        }
        return ErrorReplies.of(answer);
    }

    /** A master that has no replicas for another reason is not left again and again. */
    private boolean isFirstForAWhile() {
        long now = System.nanoTime();
        long last = lastWithoutReplicas.get();
        return now - last >= BETWEEN_SEARCHES && lastWithoutReplicas.compareAndSet(last, now);
    }

    /** Waits a moment for a connection that is opening. */
    private StatefulRedisConnection<byte[], byte[]> opened(
            CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opening, Deadline deadline) {
        long nanos = Math.min(deadline.nanosLeft(), line.patience().toNanos());
        try {
            return opening.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StoreException.notDone("interrupted while Redis was asked; it was not sent", null);
        } catch (ExecutionException | TimeoutException e) {
            line.doubt();
            throw new NeverSent(e instanceof ExecutionException ? e.getCause() : e).asStoreException();
        }
    }

    private void suspect(byte[] key) {
        line.doubt();
        StatefulRedisConnection<byte[], byte[]> connection = openConnection(key);
        if (connection != null) {
            silence.of(connection);
        }
    }

    private void hangUp(byte[] key) {
        StatefulRedisConnection<byte[], byte[]> connection = openConnection(key);
        if (connection != null) {
            UnresponsiveServerProbe.hangUp(connection);
        }
    }

    private @Nullable StatefulRedisConnection<byte[], byte[]> openConnection(byte[] key) {
        var connection = line.to(key);
        return connection.isDone() && !connection.isCompletedExceptionally() ? connection.join() : null;
    }

    // ---- small parts

    /** What only reads has no effect, whatever goes wrong. */
    static <T> T harmless(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (StoreException e) {
            if (e.notDone()) {
                throw e;
            }
            throw StoreException.notDone(String.valueOf(e.getMessage()), e.getCause());
        }
    }

    /** A decimal number as Redis takes it. */
    static byte[] decimal(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }

    /** The command was not written to any socket and never will be. */
    private static final class NeverSent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NeverSent(@Nullable Throwable cause) {
            super(cause);
        }

        StoreException asStoreException() {
            return StoreException.notDone("there is no connection to Redis right now", getCause());
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
