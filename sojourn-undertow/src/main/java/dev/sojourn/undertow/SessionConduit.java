package dev.sojourn.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** A conduit that saves changes made after the head before the response ends, so that the client's next request finds them. */
final class SessionConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private final RequestSession requestSession;

    SessionConduit(StreamSinkConduit next, RequestSession requestSession) {
        super(next);
        this.requestSession = requestSession;
    }

    @Override
    public int writeFinal(ByteBuffer bytes) throws IOException {
        requestSession.saveLateChanges();
        return super.writeFinal(bytes);
    }

    @Override
    public long writeFinal(ByteBuffer[] bytes, int offset, int length) throws IOException {
        requestSession.saveLateChanges();
        return super.writeFinal(bytes, offset, length);
    }

    @Override
    public void terminateWrites() throws IOException {
        requestSession.saveLateChanges();
        super.terminateWrites();
    }
}
