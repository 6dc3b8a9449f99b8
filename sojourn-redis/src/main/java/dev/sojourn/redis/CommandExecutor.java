package dev.sojourn.redis;

import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.StoreException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
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
 * Executes commands and waits for their replies, to a deadline. Every failure becomes a {@link StoreException} that reports
 * whether the command may have had an effect.
 *
 * <p>A server that does not reply in time is probed ({@link UnresponsiveServerProbe}).
 */
final class CommandExecutor implements AutoCloseable {
    private static final long MASTER_SEARCH_INTERVAL_NANOS =
            Duration.ofMillis(500).toNanos();

    /** How many redirects of Cluster nodes a command follows. */
    private static final int MAX_REDIRECTS = 5;

    private final Connections connections;
    private final Duration timeout;
    private final UnresponsiveServerProbe probe = new UnresponsiveServerProbe();
    private final ReconnectCounter reconnects = new ReconnectCounter();
    private final AtomicLong lastMasterSearch = new AtomicLong(System.nanoTime() - MASTER_SEARCH_INTERVAL_NANOS);

    CommandExecutor(Connections connections, Duration timeout) {
        this.connections = connections;
        this.timeout = timeout;
    }

    /** Returns the deadline of a call that begins now. */
    Deadline deadline() {
        return Deadline.after(timeout);
    }

    // ---- one command

    /** Executes a command that changes nothing. Failures are always "not done". */
    Reply read(KeyedCommand command) {
        return asRead(() -> execute(command, deadline()));
    }

    /** Executes a script that changes nothing. Failures are always "not done". */
    Reply read(Script script, List<byte[]> keys, byte[]... args) {
        return asRead(() -> write(script, keys, args));
    }

    /** Executes a command that may change something. */
    Reply write(KeyedCommand command) {
        return execute(command, deadline());
    }

    /** Executes a script that may change something, in one round trip; in two if the server does not have the script. */
    Reply write(Script script, List<byte[]> keys, byte[]... args) {
        Deadline deadline = deadline();
        return callScript(script, keys, args, call -> executeScriptCall(call, deadline));
    }

    /** Executes many commands that change nothing, all at once. Returns their replies in the same order. */
    List<Reply> readAll(List<KeyedCommand> commands) {
        return asRead(() -> {
            Deadline deadline = deadline();
            List<AtMostOnceCommand> attempts = new ArrayList<>(commands.size());
            for (KeyedCommand each : commands) {
                attempts.add(send(each));
            }
            List<Reply> replies = new ArrayList<>(commands.size());
            for (int i = 0; i < attempts.size(); i++) {
                replies.add(await(commands.get(i), attempts.get(i), deadline));
            }
            return replies;
        });
    }

    /** Calls a script by its digest, or with its text if the server does not have it. */
    <T> T callScript(Script script, List<byte[]> keys, byte[][] args, Function<KeyedCommand, T> executeCall) {
        try {
            return executeCall.apply(KeyedCommand.evalSha(script, keys, args));
        } catch (RedisNoScriptException e) {
            // The server was restarted, flushed or failed over. EVAL loads the script again.
            return executeCall.apply(KeyedCommand.eval(script, keys, args));
        }
    }

    private Reply execute(KeyedCommand command, Deadline deadline) {
        return await(command, send(command), deadline);
    }

    private Reply await(KeyedCommand command, AtMostOnceCommand attempt, Deadline deadline) {
        try {
            return awaitWithRetry(command, attempt, deadline);
        } catch (RedisCommandExecutionException e) {
            throw toStoreException(command, e);
        }
    }

    private Reply executeScriptCall(KeyedCommand call, Deadline deadline) {
        try {
            return awaitWithRetry(call, send(call), deadline);
        } catch (RedisNoScriptException e) {
            throw e;
        } catch (RedisCommandExecutionException e) {
            throw toStoreException(call, e);
        }
    }

    private AtMostOnceCommand send(KeyedCommand command) {
        AtMostOnceCommand attempt = command.newAttempt();
        try {
            connections.send(attempt);
        } catch (RedisException e) {
            attempt.completeExceptionally(e);
        }
        return attempt;
    }

    /** Waits for a reply. In a Cluster a node's connection may have to open first: then the command is sent once more. */
    private Reply awaitWithRetry(KeyedCommand command, AtMostOnceCommand attempt, Deadline deadline) {
        try {
            return awaitReply(command, attempt, deadline);
        } catch (NotSentException e) {
            if (connections.openTimeout().isZero()) {
                throw e.toStoreException();
            }
            awaitConnection(connections.connectionFor(command.key()), deadline);
            try {
                return awaitReply(command, send(command), deadline);
            } catch (NotSentException again) {
                throw again.toStoreException();
            }
        }
    }

    // ---- several commands on one connection

    /** The replies of one server to commands that were sent to it together. */
    final class PipelineReplies {
        private final List<KeyedCommand> commands;
        private final List<AtMostOnceCommand> attempts;
        private final Deadline deadline;

        private PipelineReplies(List<KeyedCommand> commands, List<AtMostOnceCommand> attempts, Deadline deadline) {
            this.commands = commands;
            this.attempts = attempts;
            this.deadline = deadline;
        }

        /** Waits for the reply to one of the commands. */
        Reply get(int index) {
            try {
                return awaitReply(commands.get(index), attempts.get(index), deadline);
            } catch (NotSentException e) {
                throw e.toStoreException();
            } catch (RedisCommandExecutionException e) {
                throw toStoreException(commands.get(index), e);
            }
        }
    }

    /**
     * Sends several commands to one server, in order, on one connection. Each is written only to the socket to which its
     * predecessor was written, and none is sent again. Waits for the first reply.
     *
     * @param follows whether all commands may go to another node if the first one is redirected there
     */
    PipelineReplies pipeline(List<KeyedCommand> commands, Deadline deadline, Predicate<ClusterRedirect> follows) {
        KeyedCommand first = commands.get(0);
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection = connections.connectionFor(first.key());
        ClusterRedirect redirect = null;
        for (int redirects = 0; ; redirects++) {
            List<AtMostOnceCommand> attempts = send(awaitConnection(connection, deadline), commands, redirect);
            try {
                awaitReply(first, attempts.get(0), deadline);
                return new PipelineReplies(commands, attempts, deadline);
            } catch (NotSentException e) {
                throw e.toStoreException();
            } catch (RedisNoScriptException e) {
                throw e;
            } catch (RedisCommandExecutionException e) {
                redirect = ClusterRedirect.of(e);
                if (redirect == null || redirects == MAX_REDIRECTS || !follows.test(redirect)) {
                    throw toStoreException(first, e);
                }
                connections.refreshTopology();
                connection = connections.connectionFor(redirect).orElseThrow(() -> toStoreException(first, e));
            }
        }
    }

    private List<AtMostOnceCommand> send(
            StatefulRedisConnection<byte[], byte[]> connection,
            List<KeyedCommand> commands,
            @Nullable ClusterRedirect redirect) {
        List<AtMostOnceCommand> all = new ArrayList<>();
        if (redirect != null && redirect.isAsk()) {
            all.add(AtMostOnceCommand.of(CommandType.ASKING, KeyedCommand.newArgs()));
        }
        int first = all.size();
        LongSupplier reconnectsOfConnection = reconnects.of(connection);
        AtMostOnceCommand predecessor = null;
        for (KeyedCommand each : commands) {
            predecessor = AtMostOnceCommand.of(each.type(), each.args(), predecessor, reconnectsOfConnection);
            all.add(predecessor);
        }
        try {
            connection.dispatch(all);
        } catch (RedisException e) {
            all.forEach(each -> each.completeExceptionally(e));
        }
        return all.subList(first, all.size());
    }

    // ---- waiting and failures

    private Reply awaitReply(KeyedCommand command, AtMostOnceCommand attempt, Deadline deadline) {
        try {
            Reply reply = attempt.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
            if (attempt.isReplaced()) {
                throw StoreException.unknown("the connection to Redis broke before the reply arrived", null);
            }
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            attempt.cancel();
            throw storeException(attempt, "interrupted while waiting for Redis", null);
        } catch (TimeoutException e) {
            attempt.cancel();
            StoreException failure = storeException(attempt, "Redis did not reply within " + timeout, null);
            probe(command.key());
            throw failure;
        } catch (CancellationException e) {
            throw storeException(attempt, "the connection to Redis was closed", null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisCommandExecutionException error) {
                throw error;
            }
            if (attempt.giveUp()) {
                throw new NotSentException(e.getCause());
            }
            throw storeException(attempt, "the connection to Redis broke before the reply arrived", e.getCause());
        }
    }

    private static StoreException storeException(AtMostOnceCommand attempt, String message, @Nullable Throwable cause) {
        return attempt.giveUp()
                ? StoreException.notDone(message + "; the command was not sent", cause)
                : StoreException.unknown(message, cause);
    }

    private StoreException toStoreException(KeyedCommand command, RedisCommandExecutionException error) {
        String code = RedisErrors.code(error);
        boolean isReplica = code.equals("READONLY") || code.equals("MASTERDOWN");
        if (isReplica || (code.equals("NOREPLICAS") && mayStartMasterSearch())) {
            // The master became a replica, or lost all its replicas. Only a new connection finds the new master.
            connections.refreshTopology();
            disconnect(command.key());
        }
        return RedisErrors.toStoreException(error);
    }

    /** Limits the disconnects from a master that has no replicas for another reason than a failover. */
    private boolean mayStartMasterSearch() {
        long now = System.nanoTime();
        long last = lastMasterSearch.get();
        return now - last >= MASTER_SEARCH_INTERVAL_NANOS && lastMasterSearch.compareAndSet(last, now);
    }

    /** Waits for a connection that is opening, no longer than {@link Connections#openTimeout}. */
    private StatefulRedisConnection<byte[], byte[]> awaitConnection(
            CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opening, Deadline deadline) {
        long nanos = Math.min(deadline.nanosLeft(), connections.openTimeout().toNanos());
        try {
            return opening.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StoreException.notDone("interrupted while waiting for Redis; the command was not sent", null);
        } catch (ExecutionException | TimeoutException e) {
            connections.refreshTopology();
            throw new NotSentException(e instanceof ExecutionException ? e.getCause() : e).toStoreException();
        }
    }

    private void probe(byte[] key) {
        connections.refreshTopology();
        StatefulRedisConnection<byte[], byte[]> connection = openConnection(key);
        if (connection != null) {
            probe.onTimeout(connection);
        }
    }

    private void disconnect(byte[] key) {
        StatefulRedisConnection<byte[], byte[]> connection = openConnection(key);
        if (connection != null) {
            UnresponsiveServerProbe.disconnect(connection);
        }
    }

    private @Nullable StatefulRedisConnection<byte[], byte[]> openConnection(byte[] key) {
        var connection = connections.connectionFor(key);
        return connection.isDone() && !connection.isCompletedExceptionally() ? connection.join() : null;
    }

    /** Turns every failure into "not done": a read has no effect. */
    static <T> T asRead(Supplier<T> read) {
        try {
            return read.get();
        } catch (StoreException e) {
            if (e.isNotDone()) {
                throw e;
            }
            throw StoreException.notDone(String.valueOf(e.getMessage()), e.getCause());
        }
    }

    /** Thrown when a command was not written to any socket and never will be. */
    private static final class NotSentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSentException(@Nullable Throwable cause) {
            super(cause);
        }

        StoreException toStoreException() {
            return StoreException.notDone("there is no connection to Redis right now", getCause());
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
