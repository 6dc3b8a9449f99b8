package dev.sojourn.clients;

import dev.sojourn.servers.ReverseProxy;
import org.junit.jupiter.api.Assumptions;

/** What has to be installed for a test: where it is missing, the test says how to get it and is skipped. */
final class Missing {
    private Missing() {}

    /** Skips the running test if the program of that name that it needs is not installed. */
    static void abortWithout(String name) {
        if (name.startsWith("curl")) {
            need("curl", "apt-get install curl");
        } else if (name.equals("nginx")) {
            need("nginx", "apt-get install nginx-light");
        } else if (name.equals("haproxy")) {
            need("haproxy", "apt-get install haproxy");
        }
    }

    private static void need(String program, String how) {
        Assumptions.assumeTrue(ReverseProxy.isInstalled(program), "there is no " + program + " here: " + how);
    }
}
