package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Creates faults of a store's server and of the connections to it. */
final class StoreFaults {
    private StoreFaults() {}

    /** Returns the faults of a server: it pauses, or dies and restarts with everything that it acknowledged. */
    static List<Fault> ofServer(Runnable pause, Runnable resume, Runnable kill, Runnable restart) {
        return List.of(
                new Fault("store paused", pause, resume, 200, 3_000),
                new Fault("store killed and restarted", kill, restart, 50, 600));
    }

    /** Returns the faults of the connections between the nodes and the store; successive faults affect different nodes. */
    static List<Fault> ofNetwork(List<FaultyProxy> proxies) {
        List<Fault> faults = new ArrayList<>();
        for (int millis : new int[] {5, 40, 1_200}) {
            Duration delay = Duration.ofMillis(millis);
            faults.add(fault(proxies, "delay of " + millis + " ms each way", proxy -> proxy.delay(delay), 200, 1_500));
        }
        faults.add(fault(proxies, "connections cut", FaultyProxy::cut, 1, 50));
        faults.add(fault(proxies, "connections half closed", FaultyProxy::halfClose, 100, 800));
        faults.add(fault(proxies, "responses lost", FaultyProxy::loseResponses, 100, 2_500));
        faults.add(fault(proxies, "silence", FaultyProxy::blackhole, 100, 2_500));
        faults.add(fault(
                proxies,
                "connections cut and refused",
                proxy -> {
                    proxy.refuse();
                    proxy.cut();
                },
                50,
                800));
        return faults;
    }

    private static Fault fault(
            List<FaultyProxy> proxies,
            String name,
            Consumer<FaultyProxy> begin,
            int shortestMillis,
            int longestMillis) {
        AtomicInteger turn = new AtomicInteger(name.length());
        return new Fault(
                "between a node and the store: " + name,
                () -> begin.accept(proxies.get(turn.getAndIncrement() % proxies.size())),
                () -> proxies.forEach(FaultyProxy::pass),
                shortestMillis,
                longestMillis);
    }
}
