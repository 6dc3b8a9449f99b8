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

/** A conduit that sends an error body instead of the handler's and discards what the handler writes. */
final class ErrorConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private final HttpServerExchange exchange;
    private final ByteBuffer body;
    private boolean endRequested;
    private boolean ended;

    ErrorConduit(StreamSinkConduit next, HttpServerExchange exchange, byte[] body) {
        super(next);
        this.exchange = exchange;
        this.body = ByteBuffer.wrap(body);
    }

    /**
     * Sends as much of the body as the connection takes. Called at the handler's first byte, so that a client does not wait for
     * a handler that streams forever.
     *
     * @return whether the whole body was sent
     */
    private boolean sendBody() throws IOException {
        if (body.position() == 0) {
            // A stream that is closed without a byte written has set the length to zero.
            exchange.setResponseContentLength(body.limit());
        }
        while (body.hasRemaining()) {
            if (next.write(body) == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        sendBody();
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
        sendBody();
        return Math.max(0, Math.min(count, source.size() - position));
    }

    @Override
    public long transferFrom(StreamSourceChannel source, long count, ByteBuffer through) throws IOException {
        return IoUtils.transfer(source, count, through, new ConduitWritableByteChannel(this));
    }

    @Override
    public void terminateWrites() throws IOException {
        endRequested = true;
        endIfComplete();
    }

    /** Flushes the connection only once the handler has ended its body: flushing a complete body ends the exchange. */
    @Override
    public boolean flush() throws IOException {
        return endRequested ? endIfComplete() && next.flush() : sendBody();
    }

    private boolean endIfComplete() throws IOException {
        if (!sendBody()) {
            return false;
        }
        if (!ended) {
            ended = true;
            next.terminateWrites();
        }
        return true;
    }
}
