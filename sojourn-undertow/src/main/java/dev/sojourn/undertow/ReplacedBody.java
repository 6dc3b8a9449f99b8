package dev.sojourn.undertow;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.ConduitWritableByteChannel;
import org.xnio.conduits.StreamSinkConduit;

/** Sends another body than the handler's, whatever that goes on writing. */
final class ReplacedBody extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private final HttpServerExchange exchange;
    private final ByteBuffer answer;
    private boolean ending;
    private boolean ended;

    ReplacedBody(StreamSinkConduit next, HttpServerExchange exchange, byte[] answer) {
        super(next);
        this.exchange = exchange;
        this.answer = ByteBuffer.wrap(answer);
    }

    /** With the handler's first byte, so that a client does not wait for a handler that streams for ever. */
    private boolean send() throws IOException {
        if (answer.position() == 0) {
            // A stream that is closed without a byte written says that there are none.
            exchange.setResponseContentLength(answer.limit());
        }
        while (answer.hasRemaining()) {
            if (next.write(answer) == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        send();
        int length = bytes.remaining();
        bytes.position(bytes.limit());
        return length;
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(bytes[i]);
        }
        return total;
    }

    @Override
    public int writeFinal(ByteBuffer bytes) throws IOException {
        int length = write(bytes);
        terminateWrites();
        return length;
    }

    @Override
    public long writeFinal(ByteBuffer[] bytes, int offset, int length) throws IOException {
        long total = write(bytes, offset, length);
        terminateWrites();
        return total;
    }

    @Override
    public long transferFrom(FileChannel source, long position, long count) throws IOException {
        send();
        return Math.max(0, Math.min(count, source.size() - position));
    }

    @Override
    public long transferFrom(StreamSourceChannel source, long count, ByteBuffer through) throws IOException {
        return IoUtils.transfer(source, count, through, new ConduitWritableByteChannel(this));
    }

    @Override
    public void terminateWrites() throws IOException {
        ending = true;
        endIfSent();
    }

    /** Flushing a body that is complete ends the exchange, which the handler has not done yet. */
    @Override
    public boolean flush() throws IOException {
        return ending ? endIfSent() && next.flush() : send();
    }

    private boolean endIfSent() throws IOException {
        if (!send()) {
            return false;
        }
        if (!ended) {
            ended = true;
            next.terminateWrites();
        }
        return true;
    }
}
