package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A command that a server is given at most once, however its client is configured, and that knows whether one was.
 *
 * <p>Lettuce writes commands whose answer was lost once more after a reconnect, unless told otherwise; a script that was
 * carried out twice would look lost to whoever sent it. And a command that was never written has certainly had no effect,
 * which the exceptions of a client do not tell.
 *
 * <p>One that follows another is given to the same server by the same socket, or to none.
 */
final class AtMostOnceCommand extends AsyncCommand<byte[], byte[], Reply> {
    private enum State {
        WAITING,
        WRITTEN,
        GIVEN_UP
    }

    /** Written in place of a command that must not be written: it harms nobody, and keeps questions and answers in step. */
    private static final byte[] HARMLESS = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);

    private final AtomicReference<State> state;
    private final @Nullable AtMostOnceCommand before;
    /** How often the connection has broken. */
    private final LongSupplier breaks;

    private volatile long writtenAfterBreaks;
    private volatile boolean replaced;

    private AtMostOnceCommand(
            AtomicReference<State> state,
            Command<byte[], byte[], Reply> command,
            @Nullable AtMostOnceCommand before,
            LongSupplier breaks) {
        super(command);
        this.state = state;
        this.before = before;
        this.breaks = breaks;
    }

    static AtMostOnceCommand of(ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {
        return of(type, args, null, () -> 0);
    }

    /**
     * A command for one certain connection.
     *
     * @param before what it has to follow there; null for nothing
     * @param breaks how often that connection has broken
     */
    static AtMostOnceCommand of(
            ProtocolKeyword type,
            CommandArgs<byte[], byte[]> args,
            @Nullable AtMostOnceCommand before,
            LongSupplier breaks) {
        AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        // A node that turned the command away did nothing: it waits to be written to the node in charge.
        Reply reply = new Reply(() -> state.compareAndSet(State.WRITTEN, State.WAITING));
        return new AtMostOnceCommand(state, new Command<>(type, reply, args), before, breaks);
    }

    @Override
    public void encode(ByteBuf buffer) {
        long breaksNow = breaks.getAsLong();
        boolean inPlace = before == null || before.wasWrittenAfter(breaksNow);
        if (inPlace && state.compareAndSet(State.WAITING, State.WRITTEN)) {
            writtenAfterBreaks = breaksNow;
            super.encode(buffer);
        } else {
            replaced = true;
            buffer.writeBytes(HARMLESS);
        }
    }

    /** Whether the socket that was written to is still the one that is written to. */
    private boolean wasWrittenAfter(long breaksNow) {
        return state.get() == State.WRITTEN && !replaced && writtenAfterBreaks == breaksNow;
    }

    /** Sees to it that the command is not written from now on; says whether it never was. */
    boolean neverWritten() {
        return state.compareAndSet(State.WAITING, State.GIVEN_UP) || state.get() == State.GIVEN_UP;
    }

    /** Whether the answer is that of the harmless command, so that nothing is known of the real one. */
    boolean isAnswerOfAnother() {
        return replaced;
    }

    /** Never shows arguments. */
    @Override
    public String toString() {
        return "OneTry[" + getType() + "]";
    }
}
