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
 * Stands between a client and a server and breaks their connections on demand. It starts as a plain pipe. Safe for use by
 * any thread; no method waits for a client or a server. {@link #cut()} and {@link #halfClose()} happen once; the other faults last until the next of
 * {@link #pass()}, {@link #delay}, {@link #refuse()}, {@link #blackhole()}, {@link #loseAnswers()} and
 * {@link #truncateAnswers()}.
 */
public final class FaultyProxy implements AutoCloseable {

    private enum Fault {
        NONE,
        DELAY,
        REFUSE,
        BLACKHOLE,
        LOSE_ANSWERS,
        TRUNCATE_ANSWERS
    }

    private static final int BUFFER = 1 << 16;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final InetSocketAddress target;
    private final int port;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong roundTrips = new AtomicLong();

    // all below under the lock of this
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
     * @param host where the server is
     * @param port where the server listens; it need not be there yet
     * @return the proxy, which listens on 127.0.0.1
     */
    public static FaultyProxy to(String host, int port) {
        return new FaultyProxy(host, port);
    }

    /**
     * Returns where it listens.
     *
     * @return 127.0.0.1
     */
    public String host() {
        return "127.0.0.1";
    }

    /**
     * Returns where it listens.
     *
     * @return the port, the same for ever
     */
    public int port() {
        return port;
    }

    /** Forwards everything, also what was held back; connections that have lost bytes are cut. */
    public void pass() {
        change(Fault.NONE, Duration.ZERO);
        for (Connection connection : connections) {
            if (connection.lossy) {
                connection.reset();
            }
        }
    }

    /**
     * Forwards everything later: a round trip takes twice the delay longer, and a request arrives when its client may have
     * given up.
     *
     * @param time how long each way takes longer
     */
    public void delay(Duration time) {
        change(Fault.DELAY, time);
    }

    /** Takes no new connection (they are refused); those that exist go on. */
    public void refuse() {
        change(Fault.REFUSE, Duration.ZERO);
    }

    /** Takes new connections, forwards nothing on any: the network is gone. What is sent is held until it may pass. */
    public void blackhole() {
        change(Fault.BLACKHOLE, Duration.ZERO);
    }

    /** Forwards requests and throws the answers away. */
    public void loseAnswers() {
        change(Fault.LOSE_ANSWERS, Duration.ZERO);
    }

    /** Forwards requests, and of the answers on each connection the first half of the first one; then there is silence. */
    public void truncateAnswers() {
        change(Fault.TRUNCATE_ANSWERS, Duration.ZERO);
    }

    /** Ends all connections now, both ways, by a reset. New ones may come. */
    public void cut() {
        connections.forEach(Connection::reset);
    }

    /** Ends all connections now in one direction: clients read the end, while what they send still arrives. */
    public void halfClose() {
        connections.forEach(Connection::endAnswers);
    }

    /**
     * Counts connections.
     *
     * @return how many were ever taken
     */
    public long connections() {
        return accepted.get();
    }

    /**
     * Counts round trips: how often a client sent something after the server had spoken, or first. Requests sent together
     * are one.
     *
     * @return how many there were on all connections
     */
    public long roundTrips() {
        return roundTrips.get();
    }

    /** Ends all connections and listens no more. */
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
            accepting = daemon(() -> accept(socket));
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen on " + port, e);
        }
    }

    private void stopListening() {
        ServerSocket socket = listening;
        listening = null;
        if (socket != null) {
            quietly(socket::close);
            awaitEnd(accepting);
        }
    }

    /** A socket that is closed takes connections as long as a thread stands in accept. */
    private static void awaitEnd(@Nullable Thread thread) {
        try {
            if (thread != null) {
                thread.join(PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(ServerSocket socket) {
        while (true) {
            try {
                // closed by its own thread, or by reset()
                @SuppressWarnings("resource")
                Connection connection = new Connection(socket.accept());
                accepted.incrementAndGet();
                connections.add(connection);
                daemon(connection::open);
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Waits until bytes may go on; returns how many of them, the others are to be thrown away. */
    private synchronized int admit(Connection connection, Way way, int bytes) throws InterruptedException {
        long start = System.nanoTime();
        while (!closed && !connection.ended) {
            long left = delay.toNanos() - (System.nanoTime() - start);
            if (fault == Fault.BLACKHOLE) {
                wait();
            } else if (fault == Fault.DELAY && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
            } else if (way == Way.REQUEST) {
                return bytes;
            } else {
                return switch (fault) {
                    case LOSE_ANSWERS -> 0;
                    case TRUNCATE_ANSWERS -> connection.lossy ? 0 : bytes / 2;
                    default -> bytes;
                };
            }
        }
        return 0;
    }

    private synchronized void wake() {
        notifyAll();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "faulty-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void quietly(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            // it was closed by the other side already, which is what is wanted
        }
    }

    private enum Way {
        REQUEST,
        ANSWER
    }

    private final class Connection {

        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean ended;
        private volatile boolean lossy;
        private volatile boolean answersEnded;
        private volatile Way last = Way.ANSWER;

        Connection(Socket client) {
            this.client = client;
        }

        void open() {
            try {
                client.setTcpNoDelay(true);
                admit(this, Way.REQUEST, 0);
                server.connect(target);
                server.setTcpNoDelay(true);
                daemon(() -> pump(server, client, Way.ANSWER));
                pump(client, server, Way.REQUEST);
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void endAnswers() {
            answersEnded = true;
            quietly(client::shutdownOutput);
        }

        void reset() {
            ended = true;
            connections.remove(this);
            wake();
            for (Socket socket : new Socket[] {client, server}) {
                quietly(() -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                });
            }
        }

        private void pump(Socket from, Socket to, Way way) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    count(way);
                    int admitted = admit(this, way, read);
                    lossy |= admitted < read;
                    if (way == Way.REQUEST || !answersEnded) {
                        out.write(buffer, 0, admitted);
                    }
                }
                admit(this, way, 0);
                to.shutdownOutput();
                finished();
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void count(Way way) {
            if (way == Way.REQUEST && last == Way.ANSWER) {
                roundTrips.incrementAndGet();
            }
            last = way;
        }

        /** Both directions have ended in good order. */
        private void finished() {
            if (client.isOutputShutdown() && server.isOutputShutdown()) {
                connections.remove(this);
                quietly(client::close);
                quietly(server::close);
            }
        }
    }
}
