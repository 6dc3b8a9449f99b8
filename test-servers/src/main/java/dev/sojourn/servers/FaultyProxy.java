package dev.sojourn.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between a client and a server that breaks their connections on request. Initially it forwards everything. Safe for
 * use by any thread; no method waits for a client or a server. {@link #cut()} and {@link #halfClose()} happen once; the other
 * faults last until the next call of {@link #pass()}, {@link #delay}, {@link #refuse()}, {@link #blackhole()},
 * {@link #loseResponses()} and {@link #truncateResponses()}.
 */
public final class FaultyProxy implements AutoCloseable {

    private enum Fault {
        NONE,
        DELAY,
        REFUSE,
        BLACKHOLE,
        LOSE_RESPONSES,
        TRUNCATE_RESPONSES
    }

    private static final int BUFFER = 1 << 16;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final InetSocketAddress target;
    private final int port;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong roundTrips = new AtomicLong();

    // guarded by this
    private Fault fault = Fault.NONE;
    private Duration delay = Duration.ZERO;
    private @Nullable ServerSocket listening;
    private @Nullable Thread accepting;
    private boolean closed;

    private FaultyProxy(String host, int targetPort) {
        target = new InetSocketAddress(host, targetPort);
        port = Ports.free();
        change(Fault.NONE, Duration.ZERO);
    }

    /**
     * Starts a proxy.
     *
     * @param host the server's host
     * @param port the server's port; the server need not be running yet
     * @return the proxy, which listens on 127.0.0.1
     */
    public static FaultyProxy to(String host, int port) {
        return new FaultyProxy(host, port);
    }

    /**
     * Returns the host on which the proxy listens.
     *
     * @return 127.0.0.1
     */
    public String host() {
        return "127.0.0.1";
    }

    /**
     * Returns the port on which the proxy listens.
     *
     * @return the port, which never changes
     */
    public int port() {
        return port;
    }

    /** Forwards everything, also bytes that were held back, and resets connections that have lost bytes. */
    public void pass() {
        change(Fault.NONE, Duration.ZERO);
        for (Connection connection : connections) {
            if (connection.hasLostBytes) {
                connection.reset();
            }
        }
    }

    /**
     * Delays everything: a round trip takes longer by twice the delay, and a request may arrive after its client has given up.
     *
     * @param time the delay in each direction
     */
    public void delay(Duration time) {
        change(Fault.DELAY, time);
    }

    /** Refuses new connections; existing connections continue. */
    public void refuse() {
        change(Fault.REFUSE, Duration.ZERO);
    }

    /**
     * Accepts new connections, but forwards nothing on any connection, like a failed network. Holds the bytes until
     * {@link #pass()}.
     */
    public void blackhole() {
        change(Fault.BLACKHOLE, Duration.ZERO);
    }

    /** Forwards requests and discards responses. */
    public void loseResponses() {
        change(Fault.LOSE_RESPONSES, Duration.ZERO);
    }

    /** Forwards requests, and on each connection only the first half of the first response. */
    public void truncateResponses() {
        change(Fault.TRUNCATE_RESPONSES, Duration.ZERO);
    }

    /** Resets all existing connections in both directions. Accepts new ones. */
    public void cut() {
        connections.forEach(Connection::reset);
    }

    /**
     * Closes one direction of all existing connections: clients read the end of the stream, while their requests still arrive.
     */
    public void halfClose() {
        connections.forEach(Connection::endResponses);
    }

    /**
     * Returns the number of accepted connections.
     *
     * @return the number since the start of the proxy
     */
    public long connections() {
        return accepted.get();
    }

    /**
     * Returns the number of round trips: how often a client sent something first, or after a response. Pipelined requests count
     * as one.
     *
     * @return the number on all connections
     */
    public long roundTrips() {
        return roundTrips.get();
    }

    /** Resets all connections and stops listening. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            stopListening();
            notifyAll();
        }
        cut();
    }

    private synchronized void change(Fault next, Duration time) {
        if (closed) {
            throw new IllegalStateException("the proxy is closed");
        }
        fault = next;
        delay = time;
        if (next == Fault.REFUSE) {
            stopListening();
        } else if (listening == null) {
            listen();
        }
        notifyAll();
    }

    private void listen() {
        try {
            ServerSocket socket = new ServerSocket(port, BUFFER, InetAddress.getLoopbackAddress());
            listening = socket;
            accepting = startDaemon(() -> accept(socket));
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen on " + port, e);
        }
    }

    private void stopListening() {
        ServerSocket socket = listening;
        listening = null;
        if (socket != null) {
            runIgnoringErrors(socket::close);
            awaitEnd(accepting);
        }
    }

    /** Waits until the accepting thread has ended: a closed socket still takes connections while a thread is in accept. */
    private static void awaitEnd(@Nullable Thread thread) {
        try {
            if (thread != null) {
                thread.join(TIMEOUT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(ServerSocket socket) {
        while (true) {
            try {
                // closed by its thread, or by reset()
                @SuppressWarnings("resource")
                Connection connection = new Connection(socket.accept());
                accepted.incrementAndGet();
                connections.add(connection);
                startDaemon(connection::open);
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Waits until bytes may be forwarded; returns how many of them; the caller discards the rest. */
    private synchronized int awaitForwardable(Connection connection, Direction direction, int bytes)
            throws InterruptedException {
        long start = System.nanoTime();
        while (!closed && !connection.ended) {
            long left = delay.toNanos() - (System.nanoTime() - start);
            if (fault == Fault.BLACKHOLE) {
                wait();
            } else if (fault == Fault.DELAY && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
            } else if (direction == Direction.REQUEST) {
                return bytes;
            } else {
                return switch (fault) {
                    case LOSE_RESPONSES -> 0;
                    case TRUNCATE_RESPONSES -> connection.hasLostBytes ? 0 : bytes / 2;
                    default -> bytes;
                };
            }
        }
        return 0;
    }

    private synchronized void wake() {
        notifyAll();
    }

    private static Thread startDaemon(Runnable work) {
        Thread thread = new Thread(work, "faulty-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void runIgnoringErrors(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            // the other side has closed it already
        }
    }

    private enum Direction {
        REQUEST,
        RESPONSE
    }

    private final class Connection {

        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean ended;
        private volatile boolean hasLostBytes;
        private volatile boolean responsesEnded;
        private volatile Direction last = Direction.RESPONSE;

        Connection(Socket client) {
            this.client = client;
        }

        void open() {
            try {
                client.setTcpNoDelay(true);
                awaitForwardable(this, Direction.REQUEST, 0);
                server.connect(target);
                server.setTcpNoDelay(true);
                startDaemon(() -> pump(server, client, Direction.RESPONSE));
                pump(client, server, Direction.REQUEST);
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void endResponses() {
            responsesEnded = true;
            runIgnoringErrors(client::shutdownOutput);
        }

        void reset() {
            ended = true;
            connections.remove(this);
            wake();
            for (Socket socket : new Socket[] {client, server}) {
                runIgnoringErrors(() -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                });
            }
        }

        private void pump(Socket from, Socket to, Direction direction) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    count(direction);
                    int forwarded = awaitForwardable(this, direction, read);
                    hasLostBytes |= forwarded < read;
                    if (direction == Direction.REQUEST || !responsesEnded) {
                        out.write(buffer, 0, forwarded);
                    }
                }
                awaitForwardable(this, direction, 0);
                to.shutdownOutput();
                closeIfFinished();
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void count(Direction direction) {
            if (direction == Direction.REQUEST && last == Direction.RESPONSE) {
                roundTrips.incrementAndGet();
            }
            last = direction;
        }

        /** Closes both sockets if both directions have ended regularly. */
        private void closeIfFinished() {
            if (client.isOutputShutdown() && server.isOutputShutdown()) {
                connections.remove(this);
                runIgnoringErrors(client::close);
                runIgnoringErrors(server::close);
            }
        }
    }
}
