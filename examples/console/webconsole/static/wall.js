// The wallboard: each event is the board as it is now, made by the server.
const wall = document.getElementById("wall");
const stream = new EventSource(wall.dataset.stream);
stream.onmessage = (event) => { wall.innerHTML = JSON.parse(event.data); };
stream.onerror = () => stream.close();
