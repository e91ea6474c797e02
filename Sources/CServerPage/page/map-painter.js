// Draws the points: with WebGL, or where there is none, on a plain canvas.

const vertexCode = `
  attribute vec2 place; attribute vec4 color; uniform vec4 view; uniform vec2 size; varying vec4 ink; varying float edge;
  void main() {
    gl_Position = vec4(place * view.xy + view.zw, 0.0, 1.0);
    float grown = size.x * (color.a > 0.9 ? 1.0 : 0.8);
    gl_PointSize = grown + 1.0;
    edge = grown;
    ink = vec4(color.rgb, color.a * size.y);
  }`;
const fragmentCode = `
  precision mediump float; varying vec4 ink; varying float edge;
  void main() {
    float far = length(gl_PointCoord - 0.5) * (edge + 1.0);
    float alpha = ink.a * clamp(edge * 0.5 - far + 0.5, 0.0, 1.0);
    gl_FragColor = vec4(ink.rgb * alpha, alpha);
  }`;
const groundVertexCode = `
  attribute vec2 corner; uniform vec4 view; varying vec2 at;
  void main() { at = corner; gl_Position = vec4(((corner - 0.1) / 0.8) * view.xy + view.zw, 0.0, 1.0); }`;
const groundFragmentCode = `
  precision mediump float; uniform sampler2D picture; uniform float strength; varying vec2 at;
  void main() { vec4 color = texture2D(picture, at); gl_FragColor = vec4(color.rgb, 1.0) * color.a * strength; }`;

/** A painter on a canvas. */
export function painter(canvas) {
  const gl = canvas.getContext("webgl", { antialias: false, alpha: true, powerPreference: "low-power" });
  return gl ? new GLPainter(gl) : new PlainPainter(canvas.getContext("2d"));
}

class GLPainter {
  constructor(gl) {
    this.gl = gl;
    this.dots = this.#program(vertexCode, fragmentCode);
    this.ground = this.#program(groundVertexCode, groundFragmentCode);
    [this.places, this.colors, this.corners] = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()];
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    this.texture = gl.createTexture();
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  #program(vertex, fragment) {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, code] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, code);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(program));
    return program;
  }

  setPoints(points) {
    const { gl } = this;
    this.count = points.length / 2;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.bufferData(gl.ARRAY_BUFFER, points, gl.STATIC_DRAW);
  }

  setColors(bytes, ground) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colors);
    gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.STATIC_DRAW);
    if (!ground) return;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, ground);
    for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) gl.texParameteri(gl.TEXTURE_2D, name, value);
  }

  #bind(program, name, buffer, size, type, normalized) {
    const { gl } = this;
    const at = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, type, normalized, 0, 0);
  }

  /** Draws what a view {x, y, scale, width, height} in pixels shows. */
  draw(view, size, alpha, strength) {
    const { gl } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const [sx, sy] = [(2 * view.scale) / view.width, (-2 * view.scale) / view.height];
    const uniform = [sx, sy, -view.x * sx, -view.y * sy];
    gl.useProgram(this.ground);
    gl.uniform4fv(gl.getUniformLocation(this.ground, "view"), uniform);
    gl.uniform1f(gl.getUniformLocation(this.ground, "strength"), strength);
    this.#bind(this.ground, "corner", this.corners, 2, gl.FLOAT, false);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.useProgram(this.dots);
    gl.uniform4fv(gl.getUniformLocation(this.dots, "view"), uniform);
    gl.uniform2f(gl.getUniformLocation(this.dots, "size"), size, alpha);
    this.#bind(this.dots, "place", this.places, 2, gl.FLOAT, false);
    this.#bind(this.dots, "color", this.colors, 4, gl.UNSIGNED_BYTE, true);
    gl.drawArrays(gl.POINTS, 0, this.count);
  }

  close() { this.gl.getExtension("WEBGL_lose_context")?.loseContext(); }
}

class PlainPainter {
  constructor(context) { this.context = context; }

  setPoints(points) { this.points = points; }

  setColors(bytes) {
    // Songs of a colour are drawn together.
    this.groups = new Map();
    for (let row = 0; row < bytes.length / 4; row += 1) {
      const [r, g, b, a] = bytes.subarray(4 * row, 4 * row + 4);
      const color = `rgb(${r & ~15} ${g & ~15} ${b & ~15} / ${(a / 255).toFixed(1)})`;
      if (!this.groups.has(color)) this.groups.set(color, []);
      this.groups.get(color).push(row);
    }
  }

  draw(view, size, alpha) {
    const { context, points } = this;
    context.clearRect(0, 0, view.width, view.height);
    context.globalAlpha = alpha;
    for (const [color, rows] of this.groups) {
      context.fillStyle = color;
      for (const row of rows) {
        const [x, y] = [(points[2 * row] - view.x) * view.scale + view.width / 2, (points[2 * row + 1] - view.y) * view.scale + view.height / 2];
        if (x > -size && y > -size && x < view.width + size && y < view.height + size) context.fillRect(x - size / 2, y - size / 2, size, size);
      }
    }
  }

  close() {}
}
