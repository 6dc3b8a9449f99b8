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
 * A command that is written to a server at most once, whatever the client's options, and that can report whether it was
 * written.
 *
 * <p>Unless configured otherwise, Lettuce writes a command again after a reconnect if its reply was lost. A script that ran
 * twice would then report a lost compare-and-set for a write that succeeded. And a command that was never written certainly
 * had no effect, which a client's exceptions do not report.
 *
 * <p>A command with a predecessor is written to the same socket as the predecessor, or not at all.
 */
final class AtMostOnceCommand extends AsyncCommand<byte[], byte[], Reply> {
    private enum State {
        WAITING,
        WRITTEN,
        GIVEN_UP
    }

    /** Written instead of a command that must not be written. It has no effect and keeps requests and replies in step. */
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);

    private final AtomicReference<State> state;
    private final @Nullable AtMostOnceCommand predecessor;
    private final LongSupplier reconnects;

    private volatile long writtenAtReconnects;
    private volatile boolean replaced;

    private AtMostOnceCommand(
            AtomicReference<State> state,
            Command<byte[], byte[], Reply> command,
            @Nullable AtMostOnceCommand predecessor,
            LongSupplier reconnects) {
        super(command);
        this.state = state;
        this.predecessor = predecessor;
        this.reconnects = reconnects;
    }

    static AtMostOnceCommand of(ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {
        return of(type, args, null, () -> 0);
    }

    /**
     * Creates a command for one particular connection.
     *
     * @param predecessor the command that it must follow on the same socket; null for none
     * @param reconnects the connection's count of disconnects and reconnects
     */
    static AtMostOnceCommand of(
            ProtocolKeyword type,
            CommandArgs<byte[], byte[]> args,
            @Nullable AtMostOnceCommand predecessor,
            LongSupplier reconnects) {
        AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        // A node that replied with a redirect did nothing: the command may be written again, to the right node.
        Reply reply = new Reply(() -> state.compareAndSet(State.WRITTEN, State.WAITING));
        return new AtMostOnceCommand(state, new Command<>(type, reply, args), predecessor, reconnects);
    }

    @Override
    public void encode(ByteBuf buffer) {
        long now = reconnects.getAsLong();
        boolean inOrder = predecessor == null || predecessor.isWrittenToSocket(now);
        if (inOrder && state.compareAndSet(State.WAITING, State.WRITTEN)) {
            writtenAtReconnects = now;
            super.encode(buffer);
        } else {
            replaced = true;
            buffer.writeBytes(PING);
        }
    }

    /** Whether the command was written to the socket that is in use at this reconnect count. */
    private boolean isWrittenToSocket(long reconnectsNow) {
        return state.get() == State.WRITTEN && !replaced && writtenAtReconnects == reconnectsNow;
    }

    /**
     * Prevents the command from being written from now on.
     *
     * @return true if it was never written and never will be
     */
    boolean giveUp() {
        return state.compareAndSet(State.WAITING, State.GIVEN_UP) || state.get() == State.GIVEN_UP;
    }

    /** Whether the reply belongs to the {@code PING} that was written instead, so that the command's own reply is unknown. */
    boolean isReplaced() {
        return replaced;
    }

    /** Omits the arguments. */
    @Override
    public String toString() {
        return "AtMostOnceCommand[" + getType() + "]";
    }
}
