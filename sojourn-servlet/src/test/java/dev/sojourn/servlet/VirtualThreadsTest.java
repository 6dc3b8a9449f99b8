package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Checks requests on virtual threads if the JDK has them, otherwise on more platform threads than usual. */
class VirtualThreadsTest {
    static ExecutorService threads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return Executors.newCachedThreadPool();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    @Test
    void concurrent_requests_of_one_session_lose_no_update() throws Exception {
        boolean jdkHasThem = Runtime.version().feature() >= 21;
        TomcatContainer.setRequestExecutor(threads());
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try (Site site = new Site("/error")) {
            Browser browser = site.browser();
            site.show(browser, (request, response) -> request.getSession().setAttribute("begun", true));
            site.setPage("/count", (request, response) -> {
                assertThat(isVirtual(Thread.currentThread())).isEqualTo(jdkHasThem);
                Integer n = Sojourn.session(request).update("n", Integer.class, now -> now == null ? 1 : now + 1);
                response.getWriter().print(n);
            });
            List<Future<Browser.Response>> responses = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                responses.add(clients.submit(() -> browser.copy().get("/count")));
            }
            for (Future<Browser.Response> each : responses) {
                assertThat(each.get().status()).isEqualTo(200);
            }
            site.throwProblem();
            assertThat(browser.get("/count").text()).isEqualTo("101");
        } finally {
            clients.shutdownNow();
            TomcatContainer.setRequestExecutor(null);
        }
    }
}
