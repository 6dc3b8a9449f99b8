package dev.sojourn.servlet.readme;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jboss.weld.context.http.HttpLiteral;
import org.jboss.weld.context.http.HttpSessionContext;
import org.jboss.weld.module.web.servlet.SessionHolder;

/** Makes Weld keep {@code @SessionScoped} beans in the session of the request that servlets see. */
public class CdiSessions implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpSessionContext context = CDI.current()
                .select(HttpSessionContext.class, HttpLiteral.INSTANCE)
                .get();
        ServletRequest containers = request;
        while (containers instanceof ServletRequestWrapper wrapper) {
            containers = wrapper.getRequest();
        }
        change(context, containers, request);
        try {
            chain.doFilter(request, response);
        } finally {
            change(context, request, containers);
        }
    }

    private static void change(HttpSessionContext context, ServletRequest from, ServletRequest to) {
        context.deactivate();
        context.dissociate((HttpServletRequest) from);
        SessionHolder.clear();
        SessionHolder.requestInitialized((HttpServletRequest) to);
        context.associate((HttpServletRequest) to);
        context.activate();
    }
}
