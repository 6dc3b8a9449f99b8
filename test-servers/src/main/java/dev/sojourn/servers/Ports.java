package dev.sojourn.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on 127.0.0.1, each given out once. They lie below those that the system takes for outgoing connections: a
 * server that is down for a moment must find its port free when it comes back.
 */
final class Ports {

    private static final int FIRST = 11_000;
    private static final int END = 21_500;
    private static final int BUS = 10_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    static synchronized int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            // the nodes of a Redis Cluster talk on a second port, this far from the first
            if (isFree(port) && isFree(port + BUS) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new ServerException("no free port on 127.0.0.1 between " + FIRST + " and " + END);
    }

    private static boolean isFree(int port) {
        if (GIVEN.contains(port) || GIVEN.contains(port - BUS)) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
