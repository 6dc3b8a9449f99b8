package dev.sojourn.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

/** A stream that discards what a handler writes after its response was replaced. */
final class DiscardingStream extends ServletOutputStream {
    @Override
    public void write(int one) {}

    @Override
    public void write(byte[] bytes, int from, int length) {}

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        throw new IllegalStateException(
                "the response is committed: it is a redirect, or was replaced because its session could not be saved");
    }
}
