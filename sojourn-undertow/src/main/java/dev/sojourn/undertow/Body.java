package dev.sojourn.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** Saves what changed after the head before the answer ends, so that the client's next request finds it. */
final class Body extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private final RequestSession session;

    Body(StreamSinkConduit next, RequestSession session) {
        super(next);
        this.session = session;
    }

    @Override
    public int writeFinal(ByteBuffer bytes) throws IOException {
        session.saveLateChanges();
        return super.writeFinal(bytes);
    }

    @Override
    public long writeFinal(ByteBuffer[] bytes, int offset, int length) throws IOException {
        session.saveLateChanges();
        return super.writeFinal(bytes, offset, length);
    }

    @Override
    public void terminateWrites() throws IOException {
        session.saveLateChanges();
        super.terminateWrites();
    }
}
