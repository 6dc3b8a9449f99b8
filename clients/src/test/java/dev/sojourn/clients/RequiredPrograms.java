package dev.sojourn.clients;

import dev.sojourn.servers.ReverseProxy;
import org.junit.jupiter.api.Assumptions;

/** Skips tests whose required programs are not installed, with a message that names the package to install. */
final class RequiredPrograms {
    private RequiredPrograms() {}

    /** Skips the running test if the program that a client or proxy of this name needs is not installed. */
    static void assumeInstalledFor(String name) {
        if (name.startsWith("curl")) {
            assumeInstalled("curl", "apt-get install curl");
        } else if (name.equals("nginx")) {
            assumeInstalled("nginx", "apt-get install nginx-light");
        } else if (name.equals("haproxy")) {
            assumeInstalled("haproxy", "apt-get install haproxy");
        }
    }

    private static void assumeInstalled(String program, String command) {
        Assumptions.assumeTrue(ReverseProxy.isInstalled(program), program + " is not installed: run " + command);
    }
}
