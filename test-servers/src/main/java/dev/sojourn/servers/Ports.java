package dev.sojourn.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports on 127.0.0.1 and returns each of them once. They are below the range that the system uses for outgoing
 * connections, so that a server finds its port free after a restart.
 */
final class Ports {

    private static final int FIRST = 11_000;
    private static final int END = 21_500;
    private static final int BUS = 10_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> RETURNED = new HashSet<>();

    private Ports() {}

    static synchronized int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            // the nodes of a Redis Cluster use a second port, at this distance from the first
            if (isFree(port) && isFree(port + BUS) && RETURNED.add(port)) {
                return port;
            }
        }
        throw new ServerException("no free port on 127.0.0.1 between " + FIRST + " and " + END);
    }

    private static boolean isFree(int port) {
        if (RETURNED.contains(port) || RETURNED.contains(port - BUS)) {
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
