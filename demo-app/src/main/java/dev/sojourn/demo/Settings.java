package dev.sojourn.demo;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * What the environment says: {@code PORT} and {@code SESSION_SECRET}.
 *
 * @param port where to listen; 0 for any free port
 * @param secret what signs the session's token
 * @param secretIsOurs whether the secret was made up for this start
 */
record Settings(int port, String secret, boolean secretIsOurs) {
    private static final int DEFAULT_PORT = 8080;
    private static final int SECRET_BYTES = 32;

    static Settings from(Map<String, String> environment) {
        String secret = environment.getOrDefault("SESSION_SECRET", "");
        return new Settings(
                port(environment.getOrDefault("PORT", "")), secret.isEmpty() ? random() : secret, secret.isEmpty());
    }

    private static int port(String text) {
        if (text.isBlank()) {
            return DEFAULT_PORT;
        }
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("PORT is a number from 0 to 65535, not '" + text + "'");
        }
        return port;
    }

    private static String random() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "Settings[port=" + port + "]";
    }
}
