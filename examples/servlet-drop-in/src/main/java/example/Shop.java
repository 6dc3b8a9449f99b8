package example;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** A servlet written for the container's sessions. It does not use Sojourn's API. */
public class Shop extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        Object cart = session == null ? null : session.getAttribute("cart");
        response.setContentType("text/plain");
        response.getWriter().println(cart == null ? "The cart is empty." : cart);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String item = request.getParameter("item");
        HttpSession session = request.getSession();
        Cart before = (Cart) session.getAttribute("cart");
        session.setAttribute("cart", before == null ? new Cart(item, 1) : new Cart(item, before.pieces() + 1));
        response.sendRedirect("/");
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
        request.getSession().invalidate();
    }
}
